using System.Reflection;
using System.Runtime.Loader;

namespace NodeHost.CustomNodes;

/// <summary>Keeps the libraries of one pack apart from those of others. What the host has, contracts above all, is shared.</summary>
internal sealed class PackLoadContext(string name, string mainAssembly) : AssemblyLoadContext(name)
{
    private readonly AssemblyDependencyResolver _resolver = new(mainAssembly);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // A pack may ship a copy of the contracts it was built with: its types would be others than the host's.
        if (IsHosts(assemblyName))
        {
            return null;
        }
        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private static bool IsHosts(AssemblyName name) =>
        File.Exists(Path.Combine(AppContext.BaseDirectory, name.Name + ".dll"));
}
