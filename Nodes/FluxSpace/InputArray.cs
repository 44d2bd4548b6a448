using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Finds <c>.npz</c> files that nodes take by a path: in the input folder, or in the output folder, where measurements go.</summary>
internal static class InputArray
{
    /// <summary>Reads a file; what is wrong with it is told with the node and the input.</summary>
    public static T Read<T>(NodeContext context, string node, string input, string path, Func<string, T> read)
    {
        var found = Require(context, node, input, path);
        return EditNode.Read($"{node}, input '{input}'", () => read(found));
    }

    private static string Require(NodeContext context, string node, string input, string path)
    {
        var paths = context.Get<IFolderPaths>();
        if (string.IsNullOrWhiteSpace(Path.GetFileNameWithoutExtension(path)))
        {
            throw new PathException(
                $"{node}, input '{input}': '{path}' names no file. Give a path relative to the input or the output folder, such as measurements/run.npz."
            );
        }
        return paths.FindPicture(path)
            ?? paths.FindPicture(path, FolderKind.Output)
            ?? throw new PathException(
                $"{node}, input '{input}': there is no file '{path}' in the input folder, nor in the output folder. "
                    + "Give a path relative to one of them."
            );
    }

    /// <summary>Changes when the file does, so that a cached result is not used again.</summary>
    public static string? Fingerprint(NodeContext context, string path)
    {
        var paths = context.Get<IFolderPaths>();
        var found = paths.FindPicture(path) ?? paths.FindPicture(path, FolderKind.Output);
        return found is null ? null : $"{found} {File.GetLastWriteTimeUtc(found):O} {new FileInfo(found).Length}";
    }
}
