using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora.Modules;

/// <summary>A new weight in the place of the model's; strength does not count.</summary>
internal sealed class ReplacementModule(string name, string replacement) : LoraModule(name)
{
    public override string Kind => "new weight";

    internal override bool Replaces => true;

    private protected override IEnumerable<string?> OwnKeys => [replacement];

    internal override (Tensor Change, double Factor) Compute(ILoraTensors tensors, Tensor weight, double strength) =>
        (tensors.Load(replacement), 1);
}
