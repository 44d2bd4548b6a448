namespace NodeHost.Nodes.Sampling;

/// <summary>How a latent becomes a picture while it is sampled.</summary>
public enum PreviewMethod
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>The tiny decoder where its file is there, else the linear map.</summary>
    Auto,

    /// <summary>By a linear map from channels to colours.</summary>
    LatentToRgb,

    /// <summary>By the tiny decoder; without its file as <see cref="LatentToRgb"/>.</summary>
    Taesd,
}
