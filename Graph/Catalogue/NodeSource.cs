using System.Reflection;

namespace NodeHost.Graph.Catalogue;

/// <summary>Where node classes come from.</summary>
/// <param name="Types">All types that may be nodes.</param>
/// <param name="Module">What all of them give as <c>python_module</c>; null leaves it to each.</param>
public sealed record NodeSource(IReadOnlyCollection<Type> Types, string? Module = null)
{
    public NodeSource(Assembly assembly, string? module = null)
        : this(assembly.GetExportedTypes(), module) { }
}
