using NodeHost.Api.Internal;
using NodeHost.Events;
using NodeHost.Nodes.Files;
using NodeHost.Queue;
using NodeHost.Security;

namespace NodeHost.Server;

/// <summary>What route groups may use; a new service is one more property here, made where the server is started.</summary>
internal sealed record ServerServices
{
    public required ServerOptions Options { get; init; }

    public required NodeRuntime Nodes { get; init; }

    public IFolderPaths Folders => Nodes.Folders;

    public required ApiKeyStore Keys { get; init; }

    public required IJobQueue Queue { get; init; }

    public required EventHub Events { get; init; }

    public LogRing Log { get; } = new();
}
