namespace NodeHost.Diffusion.Checkpoints;

/// <summary>An opened adapter file (LoRA and its kind): what <see cref="Models.WeightPatch.Adapter"/> is.</summary>
public interface IWeightAdapter
{
    /// <summary>Its changes to one network, each times <paramref name="strength"/>; null where it has none.</summary>
    IWeightPatcher? For(WeightTarget target, double strength);
}
