using NodeHost.Tests.Shared;
using Xunit.Abstractions;

namespace NodeHost.Tests.Server.Crash;

/// <summary>A server that is killed again and again loses nothing that it has accepted, and leaves no half file.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public Task Server_KilledTenTimes_KeepsEveryJobExactlyOnce() => KillAsync(10, seed: 1);

    [LongFact]
    public Task Server_Killed200Times_KeepsEveryJobExactlyOnce() => KillAsync(200, seed: 2);

    private async Task KillAsync(int kills, int seed)
    {
        await using var drive = new CrashDrive(seed);
        for (var kill = 0; kill < kills; kill++)
        {
            await drive.WorkAndKillAsync();
        }
        await drive.SettleAsync();
        await drive.CheckHistoryAsync();
        drive.CheckFiles();
        output.WriteLine(drive.ToString());
    }
}
