using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Reuse;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>Evaluates a guider's conditionings with its model: batches them, weights and adds up their predictions.</summary>
internal sealed class GuidedDenoiser : IDenoiser, IDisposable
{
    private readonly IGuider _guider;
    private readonly IDiffusionNetwork _network;
    private readonly IReadOnlyList<IReadOnlyList<PreparedCondition>> _slots;
    private readonly double[] _sigmas;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, ConditionBatch> _batches = [];
    private readonly ForwardRun _run;
    private readonly PredictionReuse? _reuse;
    private readonly int _ownSlots;

    public GuidedDenoiser(
        IGuider guider,
        IDiffusionNetwork network,
        SamplingCanvas canvas,
        IReadOnlyList<float> sigmas,
        CancellationToken cancellation,
        Action<RunWarning>? warn = null,
        Action<string>? log = null
    )
    {
        _guider = guider;
        _network = network;
        var preparation = new ConditionPreparation(guider.Model, network, canvas);
        var further = guider.Model.GuidanceRule?.Conditionings ?? [];
        _slots =
        [
            .. preparation.Prepare(guider.Conditionings, guider.NegativeSlot),
            .. further.SelectMany(own => preparation.Prepare([own], negativeSlot: 0)),
        ];
        _ownSlots = guider.Conditionings.Count;
        _sigmas = [.. sigmas.Select(sigma => (double)sigma)];
        _cancellation = cancellation;
        var info = new ForwardRunInfo
        {
            Sampling = guider.Model.Sampling,
            SampleSigmas = _sigmas,
            Warn = warn,
            Log = log,
        };
        _run = new ForwardRun(guider.Model, info);
        _reuse = guider.Model.Reuse is { Level: ReuseLevel.Guided } settings ? new(settings, info) : null;
    }

    public ModelSampling ModelSampling => _guider.Model.Sampling;

    public Tensor Denoise(Tensor x, float sigma) => Guide(x, sigma, needsNegative: false).Guided;

    public GuidedDenoised DenoiseWithNegative(Tensor x, float sigma) => Guide(x, sigma, needsNegative: true);

    public void Dispose()
    {
        foreach (var batch in _batches.Values)
        {
            batch.Dispose();
        }
        _batches.Clear();
        _reuse?.Dispose();
        _run.Dispose();
    }

    private GuidedDenoised Guide(Tensor x, float sigma, bool needsNegative)
    {
        using var scope = new TensorScope();
        Tensor[] Compute()
        {
            var (guided, negative) = _guider.Guide(Call(x, sigma, needsNegative));
            return needsNegative ? [guided, negative] : [guided];
        }
        var made = _reuse?.Predict($"{needsNegative}", x, sigma, Compute) ?? Compute();
        return new GuidedDenoised(scope.Keep(made[0]), scope.Keep(made[^1]));
    }

    private GuidanceCall Call(Tensor x, float sigma, bool needsNegative) =>
        new(
            _guider.Model,
            x,
            sigma,
            needsNegative,
            new GuidanceRun(ModelSampling, _run.Memory, request => PredictAgain(request, x, sigma)),
            slots => Predict(x, sigma, slots, extra: null)
        );

    private Tensor PredictAgain(PredictionRequest request, Tensor x, float sigma)
    {
        var slot = request.OfNegative && _guider.NegativeSlot < _ownSlots ? _guider.NegativeSlot : _guider.PositiveSlot;
        if (request.Conditioning is { } own)
        {
            var index = _guider.Model.GuidanceRule!.Conditionings.Index().First(item => item.Item == own).Index;
            slot = _ownSlots + index;
        }
        return Predict(request.X ?? x, sigma, [slot], request)[0];
    }

    private Tensor[] Predict(Tensor x, float sigma, IReadOnlyList<int> slots, PredictionRequest? extra)
    {
        var active = new List<(PreparedCondition Condition, int Part)>();
        for (var part = 0; part < slots.Count; part++)
        {
            var applying = _slots[slots[part]].Where(condition => condition.AppliesAt(sigma));
            active.AddRange(applying.Select(condition => (condition with { Area = OnCanvas(condition, x) }, part)));
        }
        // Defaults come last, and only where the others leave something.
        var remaining = new Dictionary<int, Tensor>();
        foreach (var part in active.Where(item => item.Condition.IsDefault).Select(item => item.Part).Distinct())
        {
            var others = active.Where(item => item.Part == part && !item.Condition.IsDefault);
            if (ConditionWeights.Remaining(others.Select(item => item.Condition), x) is { } weights)
            {
                remaining.Add(part, weights);
            }
        }
        var wanted = active
            .Where(item => !item.Condition.IsDefault || remaining.ContainsKey(item.Part))
            .OrderBy(item => item.Condition.IsDefault);
        var sums = slots.Select(_ => new PredictionSum(x)).ToArray();
        foreach (var (output, condition, part) in Evaluate(x, sigma, wanted, extra))
        {
            sums[part].Add(output, condition, condition.IsDefault ? remaining[part] : null);
        }
        return [.. sums.Select(sum => sum.Mean())];
    }

    /// <summary>Denoised latents under each condition, by as few forward passes as shapes allow.</summary>
    private List<(Tensor Output, PreparedCondition Condition, int Part)> Evaluate(
        Tensor x,
        float sigma,
        IEnumerable<(PreparedCondition Condition, int Part)> conditions,
        PredictionRequest? extra
    )
    {
        var results = new List<(Tensor, PreparedCondition, int)>();
        var pending = conditions.ToList();
        while (pending.Count > 0)
        {
            // ComfyUI evaluates the last condition first: [negative, positive].
            var first = pending[0].Condition;
            var joined = pending
                .Where(item => ConditionBatch.CanJoin(first, item.Condition, _network.AllowsRepeatedContext))
                .Reverse()
                .ToArray();
            pending.RemoveAll(item => joined.Contains(item));
            var outputs = Forward(x, sigma, joined, extra);
            results.AddRange(outputs.Zip(joined, (output, item) => (output, item.Condition, item.Part)));
        }
        return results;
    }

    private static LatentArea? OnCanvas(PreparedCondition condition, Tensor x) =>
        condition.Area?.On(x.Length(2), x.Length(3));

    /// <summary>Denoised latents under several conditions by one forward pass.</summary>
    private Tensor[] Forward(
        Tensor x,
        float sigma,
        (PreparedCondition Condition, int Part)[] joined,
        PredictionRequest? extra
    )
    {
        var samples = x.Length(0);
        var key = string.Join(',', joined.Select(item => item.Condition.Number));
        if (!_batches.TryGetValue(key, out var batch))
        {
            batch = new ConditionBatch([.. joined.Select(item => item.Condition)], samples);
            _batches.Add(key, batch);
        }
        var parts = joined.Select(item => Crop(x, item.Condition.Area)).ToArray();
        var noisy = parts.Length == 1 ? parts[0] : Tensor.Concat(parts, 0);
        var step = new ForwardStep
        {
            Sigma = sigma,
            SampleSigmas = _sigmas,
            ConditioningParts = [.. joined.Select(item => item.Part)],
            Cancellation = _cancellation,
            Run = _run,
            Hooks = joined[0].Condition.Hooks,
            IsExtra = extra is not null,
            Key = key,
        };
        var model = _guider.Model;
        if (extra?.Attention is { } attention)
        {
            model = model with { AttentionHooks = [.. model.AttentionHooks, attention] };
        }
        if (extra?.Block is { } block)
        {
            model = model with { BlockHooks = [.. model.BlockHooks, block] };
        }
        var denoised = NetworkDenoiser.Denoise(model, _network, noisy, sigma, batch.Input, step);
        return parts.Length == 1 ? [denoised] : denoised.Split(samples, 0);
    }

    private static Tensor Crop(Tensor x, LatentArea? area) =>
        area is { } box ? x.Slice(2, box.Y, box.Y + box.Height).Slice(3, box.X, box.X + box.Width) : x;
}
