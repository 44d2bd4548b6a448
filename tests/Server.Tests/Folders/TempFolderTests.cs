using System.Net;
using NodeHost.Folders;
using NodeHost.Storage.Sqlite;
using NodeHost.Tests.Server.Storage;

namespace NodeHost.Tests.Server.Folders;

public sealed class TempFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DeleteForgotten_FilesOfKeptJobs_Stay()
    {
        using var store = SqliteJobStore.Open(_folder.File("user/nodehost.db"));
        await store.FinishedAsync(
            StoredJobs.Job("kept"),
            StoredJobs.Outcome(
                outputs: """
                {"3":{"images":[{"filename":"a.png","subfolder":"","type":"temp"},{"filename":"é.png","subfolder":"x","type":"temp"}]},
                 "4":{"images":[{"filename":"saved.png","subfolder":"","type":"output"}],"text":["temp"]}}
                """
            )
        );
        await store.FinishedAsync(
            StoredJobs.Job("gone"),
            StoredJobs.Outcome(outputs: """{"3":{"images":[{"filename":"b.png","subfolder":"","type":"temp"}]}}""")
        );
        await store.DeleteHistoryAsync(["gone"]);
        foreach (var name in (string[])["a.png", "x/é.png", "saved.png", "b.png", "x/stray.png"])
        {
            var file = _folder.File($"temp/{name}");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, name);
        }
        var outside = _folder.File("outside.png");
        await File.WriteAllTextAsync(outside, "");
        Directory.CreateSymbolicLink(_folder.File("temp/link"), _folder.Path);

        Assert.Equal(3, await TempFolder.DeleteForgottenAsync(_folder.File("temp"), store));

        Assert.True(File.Exists(_folder.File("temp/a.png")));
        Assert.True(File.Exists(_folder.File("temp/x/é.png")));
        Assert.True(File.Exists(outside));
        Assert.False(File.Exists(_folder.File("temp/b.png")));
    }

    [Fact]
    public async Task DeleteForgotten_NoFolder_IsNothingToDo()
    {
        using var store = SqliteJobStore.Open(_folder.File("user/nodehost.db"));

        Assert.Equal(0, await TempFolder.DeleteForgottenAsync(_folder.File("temp"), store));
    }

    [Fact]
    public async Task Restart_KeepsWhatTheHistoryShowsAndDeletesTheRest()
    {
        string shown;
        await using (var first = await ServerProcess.StartInAsync(_folder.Path))
        {
            await first.Http.PostJsonAsync("/prompt?wait=true", Graphs.Request(Graphs.Trivial()));
            shown = Path.GetFileName(Assert.Single(Directory.GetFiles(_folder.File("temp"))));
            await first.StopAsync();
        }
        var stray = _folder.File("temp/stray.png");
        await File.WriteAllBytesAsync(stray, Pictures.Rgba());
        await using var server = await ServerProcess.StartInAsync(_folder.Path);

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (File.Exists(stray))
        {
            await Task.Delay(50, patience.Token);
        }
        using var picture = await server.Http.GetAsync($"/view?type=temp&filename={shown}");
        Assert.Equal(HttpStatusCode.OK, picture.StatusCode);
    }
}
