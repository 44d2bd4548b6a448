using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Reuse;

/// <summary>
/// EasyCache, https://arxiv.org/abs/2507.02860, in one sampling run: while the output follows the input at a steady rate,
/// the next output is the input plus what the network last added to it.
/// </summary>
/// <remarks>
/// As https://github.com/H-EmbodVis/EasyCache (Apache-2.0): the rate k is the output's last change over the input's; a step
/// is expected to change the output by k times its input's change, relative to the output; these add up until they reach
/// the threshold, then the network runs. The first prediction of a step decides for the others (other conditionings).
/// </remarks>
internal sealed class PredictionReuse(ReuseSettings settings, ForwardRunInfo info) : IDisposable
{
    private readonly Dictionary<string, RememberedTensor[]> _added = [];
    private readonly RememberedTensor _input = new();
    private readonly RememberedTensor _output = new();
    private readonly RememberedTensor _computedInput = new();

    private string? _leader;
    private double? _sigma;
    private double? _rate;
    private double _change;
    private bool _reuses;

    /// <summary>A step's predictions, reused or computed.</summary>
    /// <param name="key">Tells the predictions of one step apart.</param>
    /// <param name="x">What goes in.</param>
    /// <param name="sigma">Noise level of the step.</param>
    /// <param name="compute">Makes the predictions, each of x's shape.</param>
    public Tensor[] Predict(string key, Tensor x, double sigma, Func<Tensor[]> compute)
    {
        if (!settings.Covers(info.Sampling, sigma) || settings.Threshold <= 0)
        {
            Forget();
            return compute();
        }
        if (_sigma != sigma || key == _leader)
        {
            (_sigma, _leader) = (sigma, key);
            _reuses = Decide(x);
            Log();
        }
        if (_reuses && _added.TryGetValue(key, out var added) && Fits(added, x))
        {
            return [.. added.Select(part => x + part.Value!)];
        }
        var predictions = compute();
        Remember(key, x, predictions);
        return predictions;
    }

    public void Dispose()
    {
        Forget();
        _input.Dispose();
    }

    private bool Decide(Tensor x)
    {
        using var scope = new TensorScope();
        var last = _input.Value;
        var change = last is not null && SameShape(last, x) ? MeanChange(x, last) : (double?)null;
        _input.Set(x);
        if (change is not { } moved || _rate is not { } rate || _output.Value is not { } output)
        {
            _change = 0;
            return false;
        }
        _change += rate * moved / Mean(output);
        if (_change < settings.Threshold)
        {
            return true;
        }
        _change = 0;
        return false;
    }

    private void Remember(string key, Tensor x, Tensor[] predictions)
    {
        using var scope = new TensorScope();
        if (!_added.TryGetValue(key, out var added) || added.Length != predictions.Length)
        {
            Drop(added);
            _added[key] = added = [.. predictions.Select(_ => new RememberedTensor())];
        }
        foreach (var (part, prediction) in added.Zip(predictions))
        {
            part.Set(prediction - x);
        }
        if (key != _leader)
        {
            return;
        }
        if (_output.Value is { } output && _computedInput.Value is { } input && SameShape(output, predictions[0]))
        {
            var moved = MeanChange(x, input);
            _rate = moved > 0 ? MeanChange(predictions[0], output) / moved : null;
        }
        _output.Set(predictions[0]);
        _computedInput.Set(x);
    }

    private void Forget()
    {
        foreach (var added in _added.Values)
        {
            Drop(added);
        }
        _added.Clear();
        _input.Set(null);
        _output.Set(null);
        _computedInput.Set(null);
        (_rate, _sigma, _leader, _change, _reuses) = (null, null, null, 0, false);
    }

    private static void Drop(RememberedTensor[]? parts)
    {
        foreach (var part in parts ?? [])
        {
            part.Dispose();
        }
    }

    private void Log()
    {
        if (settings.Verbose)
        {
            info.Log?.Invoke(
                $"{settings.Name}: sigma {_sigma:0.####}: {(_reuses ? "reused" : "computed")}, change so far {_change:0.####} of {settings.Threshold}"
            );
        }
    }

    private static bool Fits(RememberedTensor[] added, Tensor x) => added.All(part => SameShape(part.Value!, x));

    private static bool SameShape(Tensor a, Tensor b) => a.Shape.SequenceEqual(b.Shape);

    private static double MeanChange(Tensor a, Tensor b) => Mean(a - b);

    private static double Mean(Tensor x) => x.Abs().Mean().Item();
}
