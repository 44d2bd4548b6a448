using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Latents;

/// <summary>Deals the samples of all latents into batches of a given size; other sizes begin a new batch.</summary>
[Node(
    "RebatchLatents",
    Category = "latent/batch",
    DisplayName = "Rebatch Latents",
    Module = "comfy_extras.nodes_rebatch",
    Schema = NodeSchema.V3,
    InputIsList = true
)]
public sealed class RebatchLatents : INode<IReadOnlyList<Latent>>
{
    [Input]
    public required IReadOnlyList<Latent> Latents { get; init; }

    [Number(1, 4096)]
    public IReadOnlyList<int> BatchSize { get; init; } = [1];

    public IReadOnlyList<Latent> Execute(NodeContext context)
    {
        var output = new List<Latent>();
        var run = new List<Sample>();
        var count = 0L;
        foreach (var latent in Latents)
        {
            if (run.Count > 0 && !SameSize(run[0].Values, latent.Samples))
            {
                Deal(run, output);
            }
            run.AddRange(Take(latent, count));
            count += latent.Samples.Length(0);
        }
        Deal(run, output);
        return output;
    }

    private void Deal(List<Sample> run, List<Latent> output)
    {
        foreach (var samples in run.Chunk(BatchSize[0]))
        {
            var masks = Tensor.Concat([.. samples.Select(sample => sample.Mask)], 0);
            output.Add(
                new Latent(Tensor.Concat([.. samples.Select(sample => sample.Values)], 0))
                {
                    NoiseMask = masks.Mean().Item() == 1 ? null : masks,
                    BatchIndex = [.. samples.Select(sample => sample.Index)],
                }
            );
        }
        run.Clear();
    }

    private static IEnumerable<Sample> Take(Latent latent, long offset)
    {
        var count = latent.Samples.Length(0);
        var height = latent.Samples.Length(2) * LatentGrid.Pixels;
        var width = latent.Samples.Length(3) * LatentGrid.Pixels;
        var masks = LatentMasks.Batch(latent) ?? Tensor.Ones([count, 1, height, width]);
        if (masks.Length(2) != height || masks.Length(3) != width)
        {
            masks = Functional.Interpolate(masks, height, width, InterpolationMode.Bilinear);
        }
        masks = NodeHost.Images.Operations.BatchSize.RepeatTo(masks, count);
        return latent
            .Samples.Split(1, 0)
            .Zip(masks.Split(1, 0), LatentMasks.BatchIndexOf(latent, offset))
            .Select(entry => new Sample(entry.First, entry.Second, entry.Third));
    }

    private static bool SameSize(Tensor first, Tensor second) => first.Shape[^2..].SequenceEqual(second.Shape[^2..]);

    private sealed record Sample(Tensor Values, Tensor Mask, long Index);
}
