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

    [ClientFact]
    public async Task SignalR_Workflow_IsQueuedFollowedAndCancelled()
    {
        await using var server = await ServerProcess.StartAsync("--preview-method", "latent2rgb");

        await JavaScriptClient.RunAsync("signalr.mjs", $"{server.Address}");
    }
}
