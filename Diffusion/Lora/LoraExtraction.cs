using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Saving;
using NodeHost.Diffusion.Text;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>Turns a model that is the difference of two others into a LoRA, layer by layer.</summary>
/// <remarks>
/// The best approximation of a rank is a truncated singular value decomposition (Eckart and Young 1936). What is done to it
/// mirrors extract_lora_from_models.py (Apache-2.0):
/// https://github.com/kohya-ss/sd-scripts/blob/v0.8.7/networks/extract_lora_from_models.py
/// </remarks>
public sealed class LoraExtraction
{
    private const double ClampQuantile = 0.99;
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    private static readonly Operator SvdOperator = new("aten::linalg_svd");

    /// <summary>Rank of the update; a layer that has fewer rows or columns gets as many.</summary>
    public required int Rank { get; init; }

    /// <summary>Whether layers are written as they are, not as products of small matrices.</summary>
    public bool IsFullDifference { get; init; }

    /// <summary>Whether biases and norms are written too.</summary>
    public bool WritesBiases { get; init; } = true;

    /// <summary>Told of each layer that cannot be decomposed, and is left out.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Told of weights done and to do.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>The tensors of a LoRA for what there is of a diffusion model and its text encoders.</summary>
    public IReadOnlyDictionary<string, Tensor> Extract(DiffusionModel? model, Clip? clip)
    {
        var network = model?.Source.Parts.SelectMany(part =>
            ModelExport.WeightsOf(part, model.Patches, "diffusion_model.")
        );
        var encoders = clip?.Encoder.Parts.SelectMany(part =>
            ModelExport.WeightsOf(part, clip.Patches, $"text_encoders.{ModelExport.NameOf(part)}.transformer.")
        );
        return Extract([.. network ?? [], .. encoders ?? []]);
    }

    /// <summary>U and V of rank at most <paramref name="rank"/> with U V close to a matrix or the kernel of a convolution.</summary>
    internal static (Tensor Up, Tensor Down) Decompose(Tensor difference, int rank)
    {
        using var scope = new TensorScope();
        var (outputs, inputs) = (difference.Length(0), difference.Length(1));
        var matrix = difference.To(DType.Float32).Reshape(outputs, -1);
        var kept = Math.Min(rank, Math.Min(outputs, inputs));
        var factors = SvdOperator.CallForTensors(matrix, false);
        var up = factors[0].Slice(1, 0, kept) * factors[1].Slice(0, 0, kept);
        var down = factors[2].Slice(0, 0, kept);
        // A few large values would spoil the half precision of the rest.
        var limit = Quantile(Tensor.Concat([up.Reshape(-1), down.Reshape(-1)], 0), ClampQuantile);
        (up, down) = (up.Clamp(-limit, limit), down.Clamp(-limit, limit));
        if (difference.Rank == 4)
        {
            up = up.Reshape(outputs, kept, 1, 1);
            down = down.Reshape(kept, inputs, difference.Length(2), difference.Length(3));
        }
        return (scope.Keep(up), scope.Keep(down));
    }

    private static double Quantile(Tensor values, double share)
    {
        var sorted = values.ToArray<float>();
        Array.Sort(sorted);
        var place = share * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    private Dictionary<string, Tensor> Extract(IReadOnlyList<SavedWeight> weights)
    {
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor>();
        var done = 0;
        foreach (var weight in weights)
        {
            using var step = new TensorScope();
            foreach (var (key, tensor) in Update(weight))
            {
                tensors[key] = step.Keep(tensor.To(DType.Float16).Contiguous());
            }
            Progress?.Invoke(++done, weights.Count);
        }
        foreach (var tensor in tensors.Values)
        {
            scope.Keep(tensor);
        }
        return tensors;
    }

    private IEnumerable<(string Key, Tensor Tensor)> Update(SavedWeight weight)
    {
        var isWeight = weight.Key.EndsWith(Weight, StringComparison.Ordinal);
        var name = isWeight ? weight.Key[..^Weight.Length] : weight.Key;
        if (isWeight && !IsFullDifference && weight.Shape.Count >= 2)
        {
            return LowRank(name, weight.Read());
        }
        if (isWeight)
        {
            return IsFullDifference || WritesBiases ? [($"{name}.diff", weight.Read())] : [];
        }
        return WritesBiases && weight.Key.EndsWith(Bias, StringComparison.Ordinal)
            ? [($"{weight.Key[..^Bias.Length]}.diff_b", weight.Read())]
            : [];
    }

    private IEnumerable<(string Key, Tensor Tensor)> LowRank(string name, Tensor difference)
    {
        if (!double.IsFinite(difference.Abs().Max().Item()))
        {
            Warn?.Invoke($"'{name}' has numbers that are not finite; it is left out of the LoRA.");
            return [];
        }
        var (up, down) = Decompose(difference, Rank);
        return [($"{name}.lora_up.weight", up), ($"{name}.lora_down.weight", down)];
    }
}
