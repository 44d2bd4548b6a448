using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora.Modules;

/// <summary>The whole difference of a weight or bias, as trainers keep it for small layers and norms.</summary>
internal sealed class DifferenceModule(string name, string difference, bool isBias) : LoraModule(name)
{
    public override string Kind => isBias ? "bias difference" : "difference";

    public override bool IsBias => isBias;

    internal string Key => difference;

    private protected override IEnumerable<string?> OwnKeys => [difference];

    internal override (Tensor Change, double Factor) Compute(ILoraTensors tensors, Tensor weight, double strength) =>
        (tensors.Load(difference), strength);
}
