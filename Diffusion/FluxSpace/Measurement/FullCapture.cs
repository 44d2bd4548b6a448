using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace.Measurement;

/// <summary>Whole differences <c>m - attn</c> at chosen layers and steps, in half precision, as the injection nodes read them.</summary>
internal sealed class FullCapture : IDisposable
{
    private readonly string _path;
    private readonly HashSet<CaptureSite> _wanted;
    private readonly Dictionary<string, Half[]> _current = [];
    private readonly Dictionary<CaptureSite, Half[]> _captured = [];
    private readonly Dictionary<int, double> _sigmas = [];
    private readonly string[] _blocks;
    private long[] _shape = [];

    public FullCapture(string path, IReadOnlyList<CaptureSite> sites)
    {
        _path = path;
        _wanted = [.. sites];
        _blocks = [.. sites.Select(site => site.Block).Distinct()];
    }

    /// <summary>Keeps the difference of a layer until the step is known; several slots add up.</summary>
    public void Add(string block, Tensor delta)
    {
        if (!_blocks.Contains(block))
        {
            return;
        }
        // The mean over samples, as one file serves any batch size: [tokens, D].
        var mean = delta.Mean([0]);
        var values = mean.ToArray<float>();
        if (_current.TryGetValue(block, out var former))
        {
            values = [.. values.Zip(former, (value, other) => value + (float)other)];
        }
        _current[block] = Array.ConvertAll(values, value => (Half)value);
        _shape = mean.Shape.ToArray();
    }

    public void Finish(int step, double sigma)
    {
        _sigmas[step] = sigma;
        foreach (var (block, values) in _current)
        {
            var site = new CaptureSite(step, block);
            if (_wanted.Contains(site))
            {
                _captured[site] = values;
            }
        }
        _current.Clear();
    }

    /// <summary>Writes the file, if anything was captured.</summary>
    public void Dispose()
    {
        if (_captured.Count == 0)
        {
            return;
        }
        int[] steps = [.. _captured.Keys.Select(site => site.Step).Distinct().Order()];
        string[] blocks = [.. _blocks.Where(block => _captured.Keys.Any(site => site.Block == block))];
        var zeros = new Half[_shape.Aggregate(1L, (product, length) => product * length)];
        var values = steps
            .SelectMany(step => blocks.Select(block => new CaptureSite(step, block)))
            .SelectMany(site => _captured.GetValueOrDefault(site) ?? zeros)
            .ToArray();
        var norms = values.Chunk(zeros.Length).Select(delta => (float)Norm(delta)).ToArray();
        NumpyArchive.Write(
            _path,
            [
                ("delta_full", NumpyArray.Of(values, [steps.Length, blocks.Length, .. _shape])),
                ("step_keys", NumpyArray.Of([.. steps.Select(step => (long)step)])),
                ("block_keys", NumpyArray.Of(blocks)),
                ("sigmas", NumpyArray.Of([.. steps.Select(step => _sigmas[step])])),
                ("delta_fro", NumpyArray.Of(norms, [steps.Length, blocks.Length])),
                ("n_captures", NumpyArray.Of([(long)_captured.Count])),
            ]
        );
        _captured.Clear();
    }

    private static double Norm(Half[] values) => Math.Sqrt(values.Sum(value => (double)value * (double)value));
}
