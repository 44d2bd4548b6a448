using NodeHost.Api;
using NodeHost.Tensors;

namespace NodeHost.Tests.Server.Http;

/// <summary>The machine as clients see it.</summary>
public sealed class MachineTests
{
    [Fact]
    public async Task SystemStats_OfAServerOnTheCpu_NameTheCpuWhateverElseIsThere()
    {
        await using var server = await ServerProcess.StartAsync("--device", "cpu");
        var stats = await server.Http.GetJsonAsync("/system_stats");
        Assert.Equal("cpu", (string?)Assert.Single(stats["devices"]!)["name"]);
    }

    [Fact]
    public void SystemStats_WithoutADevice_NameTheBest() =>
        Assert.Equal(
            TorchRuntime.BestDevice.IsCuda ? "cuda" : "cpu",
            (string?)SystemStats.Read(device: null)["devices"]![0]!["type"]
        );
}
