namespace NodeHost.Cli;

/// <summary>What runs when nothing is named: the text-to-image example, on the tiny model that ships where there is no real one.</summary>
internal static class DefaultWorkflow
{
    private const string Checkpoint = "v1-5-pruned-emaonly.safetensors";

    private static readonly string[] OnTinyModel =
    [
        "1.ckpt_name=nodehost-tiny-sd15.safetensors",
        "4.width=256",
        "4.height=256",
    ];

    public static RenderOptions For(FolderOptions folders)
    {
        var isThere = new[] { folders.Models ?? "models", Path.Combine(folders.ComfyUi ?? "", "models") }.Any(models =>
            File.Exists(Path.Combine(models, "checkpoints", Checkpoint))
        );
        if (!isThere)
        {
            Console.Error.WriteLine(
                $"no models/checkpoints/{Checkpoint}: rendering with the tiny model that ships with NodeHost, which knows only colours"
            );
        }
        var workflow = Path.Combine(AppContext.BaseDirectory, "workflows", "text-to-image.json");
        return new RenderOptions(workflow, isThere ? [] : OnTinyModel, folders) { SaysWhere = true };
    }
}
