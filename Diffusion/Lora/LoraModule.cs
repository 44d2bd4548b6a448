using NodeHost.Diffusion.Lora.Modules;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>What an adapter file does to one layer: the keys of its tensors and how the change follows from them.</summary>
public abstract class LoraModule
{
    private const long LargestIntermediate = 1 << 26;

    private protected LoraModule(string name)
    {
        Name = name;
    }

    /// <summary>What the file calls the layer, e.g. <c>lora_unet_mid_block_attentions_0_proj_in</c>.</summary>
    public string Name { get; }

    /// <summary>What the method is called, e.g. <c>LoHa</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The method, and whether DoRA comes on top.</summary>
    public string Description => Magnitude is null ? Kind : $"{Kind} with DoRA";

    /// <summary>Whether it changes the layer's bias and not its weight.</summary>
    public virtual bool IsBias => false;

    /// <summary>Key of the number that is divided by the rank; without it the factor is 1.</summary>
    public string? Alpha { get; init; }

    /// <summary>DoRA: key of the lengths that the rows or columns of the changed weight are brought to.</summary>
    /// <remarks>Paper: "DoRA: Weight-Decomposed Low-Rank Adaptation", Liu et al. 2024, arXiv 2402.09353.</remarks>
    public string? Magnitude { get; init; }

    /// <summary>Whether the change takes the weight's place, at any strength but 0.</summary>
    internal virtual bool Replaces => false;

    /// <summary>Whether the change depends on nothing but the file, so that it can be added beside the layer.</summary>
    internal virtual bool IsIndependent => Magnitude is null && !Replaces;

    /// <summary>Every key it reads.</summary>
    internal IEnumerable<string> Keys => OwnKeys.Append(Alpha).Append(Magnitude).OfType<string>();

    /// <summary>The keys beside those of alpha and magnitudes; null for what the file does not have.</summary>
    private protected abstract IEnumerable<string?> OwnKeys { get; }

    /// <summary>The change [out, ...] and the factor it is to be multiplied by, strength included.</summary>
    /// <param name="tensors">The adapter.</param>
    /// <param name="weight">
    /// The layer's weight (or the rows meant) in float32; not changed. Where <see cref="IsIndependent"/> only its size counts,
    /// which bounds what is made.
    /// </param>
    /// <param name="strength">Strength of the adapter.</param>
    internal abstract (Tensor Change, double Factor) Compute(ILoraTensors tensors, Tensor weight, double strength);

    private protected double AlphaOver(ILoraTensors tensors, long rank) =>
        Alpha is { } key ? Number(tensors, key) / rank : 1;

    /// <summary>The kernel that a core and two matrices stand for.</summary>
    private protected Tensor Rebuild(ILoraTensors tensors, Tensor core, Tensor left, Tensor right, long most)
    {
        if (!TuckerCore.Fits(core, left, right))
        {
            throw Damaged(tensors, $"a core that fits [rank, out] and [rank, in], got {left} and {right}");
        }
        var kernel = core.Length(2) * core.Length(3);
        CheckIntermediate(tensors, most, left.Length(0), kernel, right.Length(1));
        CheckSize(tensors, most, left.Length(1), kernel, right.Length(1));
        return TuckerCore.Rebuild(core, left, right);
    }

    private protected double Number(ILoraTensors tensors, string key)
    {
        var value = tensors.Load(key);
        return value.ElementCount == 1 ? value.Item() : throw Damaged(tensors, $"one number as '{key}', got {value}");
    }

    /// <summary>Refuses a change larger than the layer before it takes memory: thin factors have a product of any size.</summary>
    /// <param name="tensors">The adapter.</param>
    /// <param name="most">Numbers in the layer's weight.</param>
    /// <param name="lengths">What the product's size is the product of.</param>
    private protected void CheckSize(ILoraTensors tensors, long most, params ReadOnlySpan<long> lengths)
    {
        var count = (Int128)1;
        foreach (var length in lengths)
        {
            count = Int128.Min(count * length, long.MaxValue);
        }
        if (count > most)
        {
            throw new LoraException(
                $"{tensors.Path}: the factors of '{Name}' ({Kind}) make {count} numbers, the layer takes {most}. "
                    + "The LoRA is made for another model: choose one for this model, or this LoRA's base model."
            );
        }
    }

    /// <summary>The same for what is made on the way, which may be larger than a small layer.</summary>
    private protected void CheckIntermediate(ILoraTensors tensors, long most, params ReadOnlySpan<long> lengths) =>
        CheckSize(tensors, Math.Max(most, LargestIntermediate), lengths);

    private protected LoraException Damaged(ILoraTensors tensors, string expected) =>
        new($"{tensors.Path}: '{Name}' ({Kind}) must hold {expected}. The file is damaged.");
}
