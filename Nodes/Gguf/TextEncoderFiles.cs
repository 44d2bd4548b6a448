using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Gguf;

/// <summary>The text encoder files of every format, GGUF too.</summary>
public sealed class TextEncoderFiles : IChoiceProvider
{
    public IEnumerable<object> Options(IServiceProvider services, string? argument) =>
        services.GetService(typeof(IFolderPaths)) is IFolderPaths paths
            ? paths
                .ModelFiles("text_encoders")
                .Concat(paths.ModelFiles("clip_gguf"))
                .Distinct()
                .Order(StringComparer.Ordinal)
            : [];
}
