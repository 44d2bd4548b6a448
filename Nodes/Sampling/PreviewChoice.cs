namespace NodeHost.Nodes.Sampling;

/// <summary>The previews that one prompt wants (<c>extra_data.preview_method</c>), whatever the server's setting is.</summary>
public sealed record PreviewChoice(PreviewMethod Method)
{
    /// <summary>Null for <c>default</c>, and for what is no method.</summary>
    public static PreviewChoice? Parse(string? method) =>
        method switch
        {
            "none" => new(PreviewMethod.None),
            "auto" => new(PreviewMethod.Auto),
            "latent2rgb" => new(PreviewMethod.LatentToRgb),
            "taesd" => new(PreviewMethod.Taesd),
            _ => null,
        };
}
