using NodeHost.Golden.Sessions;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Groups;

/// <summary>A session of the official frontend with one server, again in its order: requests, answers and WebSocket messages.</summary>
/// <remarks>Its own files are not there. What a phase does shows in those behind it, so all run, whichever are wanted.</remarks>
internal sealed class SessionGroup : IGoldenGroup
{
    public string Name => "session";

    public string Marker => Path.Combine("convert", "session.json");

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        var phases = GoldenFolder.ReadJson(folder.PathOf(Marker))["phases"]!
            .Where(phase => phase["ws"]!.Any() || phase["http"]!.Any(SessionReplay.IsCompared))
            .ToArray();
        if (!phases.Any(phase => wanted((string)phase["phase"]!)))
        {
            yield break;
        }
        var server = ServerProcess
            .StartAsync("--no-bundled-models", "--models", folder.Models)
            .GetAwaiter()
            .GetResult();
        // The recorded server had a user's folder already; what its answer calls migrated is that.
        Directory.CreateDirectory(Path.Combine(server.Folder, "user", "default"));
        var replay = new SessionReplay(server, folder);
        foreach (var phase in phases)
        {
            var name = (string)phase["phase"]!;
            var result = GoldenResult.Guard(
                name,
                () => GoldenResult.OfEquality(name, replay.RunAsync(phase).GetAwaiter().GetResult())
            );
            if (wanted(name))
            {
                yield return result;
            }
        }
        replay.DisposeAsync().AsTask().GetAwaiter().GetResult();
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
