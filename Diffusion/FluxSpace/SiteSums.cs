using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.FluxSpace.Measurement;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>What the prompts' passes of one call leave at every attention layer for the base's pass.</summary>
internal sealed class SiteSums(FluxSpaceEditor editor, EditRows rows, bool keepsCaptures) : IDisposable
{
    private readonly Dictionary<AttentionSite, EditSum> _sums = [];
    private readonly Dictionary<(int Prompt, AttentionSite Site), Tensor> _captures = [];
    private readonly Dictionary<AttentionSite, Tensor> _neutral = [];
    private readonly double _totalScale = editor.Slots.Sum(slot => slot.Scale);

    private AttentionSite? _seen;

    /// <summary>The last layer that belongs to the edit, once a pass has shown it; the prompts' passes end there.</summary>
    public AttentionSite? LastSite { get; set; }

    /// <summary>Runs prompts unedited, all of them in one batch, up to the last layer of interest.</summary>
    public void Capture(ForwardCall call, IReadOnlyList<(int Index, EditPrompt Prompt)> prompts)
    {
        using var scope = new TensorScope();
        var pass = new ForwardPass(editor.Place, new CaptureHook(this, prompts));
        var inputs = prompts.Select(item => item.Prompt.Replace(call)).ToArray();
        if (inputs.Length == 1)
        {
            call.Watch(inputs[0], pass);
            LastSite ??= _seen;
            return;
        }
        Tensor Repeated(Tensor tensor) => Tensor.Concat([.. inputs.Select(_ => tensor)], 0);
        var joined = call.Input with
        {
            Context = Tensor.Concat([.. inputs.Select(input => input.Context)], 0),
            Pooled = call.Input.Pooled is null ? null : Tensor.Concat([.. inputs.Select(input => input.Pooled!)], 0),
            Guidance = call.Input.Guidance is { } guidance ? Repeated(guidance) : null,
            Concat = call.Input.Concat is { } concat ? Repeated(concat) : null,
            ReferenceLatents = [.. call.Input.ReferenceLatents.Select(Repeated)],
        };
        call.Watch(Repeated(call.X), Repeated(call.Timesteps), joined, pass);
        LastSite ??= _seen;
    }

    /// <summary>Runs the base, edited at every layer.</summary>
    public Tensor Steer(ForwardCall call, MeasurementRecorder? recorder)
    {
        var prediction = call.Run(pass: new ForwardPass(editor.Place, new SteerHook(this, recorder)));
        LastSite ??= _seen;
        return prediction;
    }

    public void Dispose()
    {
        foreach (var sum in _sums.Values)
        {
            sum.Dispose();
        }
        foreach (var capture in _captures.Values.Concat(_neutral.Values))
        {
            capture.Dispose();
        }
    }

    private void Store(AttentionSite site, Tensor attention, EditPrompt prompt, int index)
    {
        if (keepsCaptures)
        {
            _captures.Add((index, site), attention.Alias().Retain());
        }
        if (prompt.IsNeutral)
        {
            _neutral.Add(site, attention.Alias().Retain());
        }
        if (prompt.Weight != 0)
        {
            if (!_sums.TryGetValue(site, out var sum))
            {
                _sums[site] = sum = new EditSum();
            }
            sum.Add(attention, prompt.Weight);
        }
    }

    private sealed class CaptureHook(SiteSums owner, IReadOnlyList<(int Index, EditPrompt Prompt)> prompts)
        : IAttentionHook
    {
        public Tensor Apply(in AttentionOutput output)
        {
            if (owner.Editor.Sites.Includes(output.Site))
            {
                owner._seen = output.Site;
                var parts = prompts.Count == 1 ? [output.Value] : output.Value.Chunk(prompts.Count, 0);
                foreach (var ((index, prompt), part) in prompts.Zip(parts))
                {
                    owner.Store(output.Site, owner.Rows.Take(output with { Value = part }), prompt, index);
                }
            }
            if (output.Site == owner.LastSite || owner.Editor.Sites.IsLast(output.Site))
            {
                ForwardCall.EndPass();
            }
            return output.Value;
        }
    }

    private sealed class SteerHook(SiteSums owner, MeasurementRecorder? recorder) : IAttentionHook
    {
        public Tensor Apply(in AttentionOutput output)
        {
            if (!owner.Editor.Sites.Includes(output.Site))
            {
                return output.Value;
            }
            var site = output.Site;
            owner._seen = site;
            var attention = owner.Rows.Take(output);
            var steered = owner.Steered(site, attention);
            recorder?.Record(
                site,
                attention,
                steered,
                prompt => owner._captures[(prompt, site)],
                owner._neutral.GetValueOrDefault(site)
            );
            owner.Drop(site);
            return ReferenceEquals(steered, attention) ? output.Value : owner.Rows.Put(output, steered);
        }
    }

    private Tensor Steered(AttentionSite site, Tensor attention)
    {
        _sums.TryGetValue(site, out var sum);
        return editor.Neutral is not null && editor.Slots.Count > 0
            ? sum?.SteerAside(attention, _neutral[site]) ?? attention
            : sum?.Steer(attention, _totalScale) ?? EditSum.SteerTowardsNothing(attention, _totalScale);
    }

    private void Drop(AttentionSite site)
    {
        if (_sums.Remove(site, out var sum))
        {
            sum.Dispose();
        }
        if (_neutral.Remove(site, out var neutral))
        {
            neutral.Dispose();
        }
    }

    private FluxSpaceEditor Editor => editor;

    private EditRows Rows => rows;
}
