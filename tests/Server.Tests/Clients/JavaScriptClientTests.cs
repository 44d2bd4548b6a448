namespace NodeHost.Tests.Server.Clients;

/// <summary>Clients that people use, unchanged.</summary>
public sealed class JavaScriptClientTests
{
    [ClientFact]
    public async Task ComfyUiSdk_Workflow_IsDrivenToItsPicture()
    {
        await using var server = await ServerProcess.StartAsync();

        await JavaScriptClient.RunAsync("sdk.mjs", $"{server.Address}");
    }
}
