using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Text;

namespace NodeHost.Nodes.AttentionMultiply;

/// <summary>Factors of attention weights by their names, and models with weights multiplied by them.</summary>
internal static class AttentionFactors
{
    /// <summary>Of a UNet's layers of one kind.</summary>
    public static Func<string, double> OfLayer(string layer, double query, double key, double value, double output) =>
        name =>
            name.EndsWith($"{layer}.to_q.weight", StringComparison.Ordinal) ? query
            : name.EndsWith($"{layer}.to_k.weight", StringComparison.Ordinal) ? key
            : name.EndsWith($"{layer}.to_v.weight", StringComparison.Ordinal) ? value
            : IsOutput(name, layer) ? output
            : 1;

    /// <summary>Of the outputs of a video UNet's layers, within frames and between them.</summary>
    public static Func<string, double> OfVideo(
        (double Structural, double Temporal) self,
        (double Structural, double Temporal) cross
    ) =>
        name =>
        {
            var isTemporal = name.Contains("time_stack", StringComparison.Ordinal);
            return IsOutput(name, "attn1") ? (isTemporal ? self.Temporal : self.Structural)
                : IsOutput(name, "attn2") ? (isTemporal ? cross.Temporal : cross.Structural)
                : 1;
        };

    /// <summary>Of CLIP's layers.</summary>
    public static Func<string, double> OfClip(double query, double key, double value, double output) =>
        name =>
            IsClip(name, "q_proj") ? query
            : IsClip(name, "k_proj") ? key
            : IsClip(name, "v_proj") ? value
            : IsClip(name, "out_proj") ? output
            : 1;

    public static DiffusionModel Apply(DiffusionModel model, Func<string, double> factors) =>
        model with
        {
            Patches = [.. model.Patches, new(new WeightScaling(ModelRole.Diffusion, factors), 1)],
        };

    public static Clip Apply(Clip clip, Func<string, double> factors) =>
        clip with
        {
            Patches = [.. clip.Patches, new(new WeightScaling(ModelRole.TextEncoder, factors), 1)],
        };

    private static bool IsOutput(string name, string layer) =>
        name.EndsWith($"{layer}.to_out.0.weight", StringComparison.Ordinal)
        || name.EndsWith($"{layer}.to_out.0.bias", StringComparison.Ordinal);

    private static bool IsClip(string name, string projection) =>
        name.EndsWith($"self_attn.{projection}.weight", StringComparison.Ordinal)
        || name.EndsWith($"self_attn.{projection}.bias", StringComparison.Ordinal);
}
