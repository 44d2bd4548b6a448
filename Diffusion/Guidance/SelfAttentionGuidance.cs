using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>
/// Self-attention guidance, https://arxiv.org/abs/2210.00939: what the middle of the UNet attends to is blurred in the
/// negative prediction, predicted again, and moved away from.
/// </summary>
/// <remarks>
/// Algorithm 2 and equation 25, as StableDiffusionSAGPipeline of diffusers (Apache-2.0). It needs two places: the model's
/// attention hooks (<see cref="ApplyTo"/> sets both), where it sees the attention of each step.
/// </remarks>
/// <param name="scale">How far away; 0 costs nothing.</param>
/// <param name="blur">Sigma of the Gaussian blur.</param>
public sealed class SelfAttentionGuidance(double scale, double blur) : IGuidanceHook, IAttentionHook
{
    private const int BlurWidth = 9;

    /// <summary>Attention above the mean counts as attended to.</summary>
    private const double Threshold = 1;

    public bool NeedsNegative => scale != 0;

    public DiffusionModel ApplyTo(DiffusionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model with
        {
            AttentionHooks = [.. model.AttentionHooks, this],
            GuidanceHooks = [.. model.GuidanceHooks, this],
        };
    }

    /// <summary>Remembers how much attention each place gets under the negative conditioning.</summary>
    public Tensor Apply(in AttentionOutput output)
    {
        var step = output.Step;
        var part = Array.IndexOf([.. step.ConditioningParts], 1);
        if (
            scale != 0
            && !step.IsExtra
            && part >= 0
            && output.Site is { Block: "middle", Layer: "attn1", TransformerIndex: 0 }
            && output.Inputs is { } inputs
            && step.Memory is { } memory
        )
        {
            using var scope = new TensorScope();
            var rows = output.Value.Length(0) / step.ConditioningParts.Count;
            var weights = inputs.Weights().Slice(0, part * rows, (part + 1) * rows); // [B, heads, L, L]
            memory.Of(this, () => new RememberedTensor()).Set(weights.Mean([1]).Sum([1])); // [B, L]
        }
        return output.Value;
    }

    public Tensor Apply(in GuidanceStep step)
    {
        if (
            scale == 0
            || !step.HasNegative
            || step.Run is not { } run
            || run.Memory.Of(this, () => new RememberedTensor()).Value is not { } attention
            || Mask(attention, step.X) is not { } mask
        )
        {
            return step.Guided;
        }
        var blurred = Blur(step.Negative);
        var degraded = (blurred * mask) + (step.Negative * (1 - mask));
        var noisy = degraded + step.X - step.Negative;
        var predicted = run.Predict(new PredictionRequest { OfNegative = true, X = noisy });
        return step.Guided + ((degraded - predicted) * scale);
    }

    /// <summary>1 at the places attended to, of the latent's size; null where the attention is no map of the latent.</summary>
    private static Tensor? Mask(Tensor attention, Tensor x)
    {
        var (height, width) = (x.Length(2), x.Length(3));
        while (height * width > attention.Length(1))
        {
            (height, width) = ((height + 1) / 2, (width + 1) / 2);
        }
        if (height * width != attention.Length(1) || attention.Length(0) != x.Length(0))
        {
            return null;
        }
        var map = attention.GreaterThan(Threshold).To(x.DType).Reshape(-1, 1, height, width);
        return Functional.Interpolate(map, x.Length(2), x.Length(3), InterpolationMode.Nearest);
    }

    private Tensor Blur(Tensor x)
    {
        // A reflected border must be narrower than the map.
        var half = (int)Math.Min(BlurWidth / 2, Math.Min(x.Length(2), x.Length(3)) - 1);
        if (blur <= 0 || half < 1)
        {
            return x;
        }
        var offsets = Tensor.Arange(-half, half + 1);
        var line = (offsets.Pow(2) / (-2 * blur * blur)).Exp();
        line /= line.Sum();
        var channels = x.Length(1);
        var kernel = (line.Unsqueeze(1) * line.Unsqueeze(0)).Expand(channels, 1, -1, -1).To(x.Device);
        return Functional.Conv2d(x.Pad([half, half, half, half], "reflect"), kernel, groups: channels);
    }
}
