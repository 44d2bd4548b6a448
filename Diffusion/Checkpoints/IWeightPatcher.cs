using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Changes weights while a network is built: LoRA merging.</summary>
public interface IWeightPatcher
{
    /// <summary>Whether <see cref="Patch"/> changes the weight of this name (without the checkpoint's prefix).</summary>
    bool Patches(string name);

    /// <summary>The changed weight, in float32 like the one given.</summary>
    Tensor Patch(string name, Tensor weight);
}
