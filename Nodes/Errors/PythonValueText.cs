using System.Globalization;
using System.Runtime.CompilerServices;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Values;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Errors;

/// <summary>Values of sockets as Python prints ComfyUI's, which is how error reports show what a node was given.</summary>
public static class PythonValueText
{
    /// <summary>Null for what has no counterpart there.</summary>
    public static string? Of(object value) =>
        value switch
        {
            Tensor tensor => Text(tensor),
            Image image => Text(image.Pixels),
            Mask mask => Text(mask.Values),
            Latent latent => Dictionary(
                ("samples", Text(latent.Samples)),
                ("noise_mask", latent.NoiseMask is { } mask ? Text(mask) : null),
                ("batch_index", latent.BatchIndex is { } places ? $"[{string.Join(", ", places)}]" : null)
            ),
            Conditioning conditioning => $"[{string.Join(", ", conditioning.Entries.Select(Entry))}]",
            DiffusionModel => Object(value, "comfy.model_patcher.ModelPatcher"),
            Clip => Object(value, "comfy.sd.CLIP"),
            Vae => Object(value, "comfy.sd.VAE"),
            _ => null,
        };

    private static string Entry(ConditioningEntry entry) =>
        $"[{Text(entry.Context)}, "
        + Dictionary(
            ("pooled_output", entry.Pooled is { } pooled ? Text(pooled) : null),
            ("guidance", Text(entry.Guidance)),
            ("mask", entry.Mask is { } mask ? Text(mask) : null),
            ("start_percent", Text(entry.StartPercent)),
            ("end_percent", Text(entry.EndPercent)),
            ("concat_latent_image", entry.ConcatLatentImage is { } image ? Text(image) : null),
            ("concat_mask", entry.ConcatMask is { } concatMask ? Text(concatMask) : null),
            (
                "reference_latents",
                entry.ReferenceLatents.Count == 0 ? null : $"[{string.Join(", ", entry.ReferenceLatents.Select(Text))}]"
            ),
            ("reference_latents_method", entry.ReferenceMethod is { } method ? PythonText.Repr(method) : null)
        )
        + "]";

    private static string Dictionary(params ReadOnlySpan<(string Key, string? Text)> members)
    {
        var present = new List<string>();
        foreach (var (key, text) in members)
        {
            if (text is not null)
            {
                present.Add($"'{key}': {text}");
            }
        }
        return $"{{{string.Join(", ", present)}}}";
    }

    private static string Text(Tensor tensor) => tensor.IsDisposed ? "tensor(freed)" : PythonTensorText.Of(tensor);

    private static string? Text(double? number) => number is { } value ? PythonText.Repr(value) : null;

    private static string Object(object value, string type) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<{type} object at 0x{0x7f0000000000 + RuntimeHelpers.GetHashCode(value):x}>"
        );
}
