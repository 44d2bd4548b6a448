namespace NodeHost.Diffusion.Reuse;

/// <summary>Which prediction is reused.</summary>
public enum ReuseLevel
{
    /// <summary>The network's own, for each conditioning (EasyCache).</summary>
    Network,

    /// <summary>The guided one, whatever made it (LazyCache).</summary>
    Guided,
}
