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
    private readonly double _totalScale = editor.Slots.Sum(slot => slot.Scale);

    /// <summary>Runs a prompt unedited, up to the last layer of interest.</summary>
    public void Capture(ForwardCall call, EditPrompt prompt, int index)
    {
        using var scope = new TensorScope();
        var hook = new CaptureHook(this, prompt, index);
        call.Watch(prompt.Replace(call.Input, call.Input.Context.Length(1)), new ForwardPass(editor.Place, hook));
    }

    /// <summary>Runs the base, edited at every layer.</summary>
    public Tensor Steer(ForwardCall call, MeasurementRecorder? recorder) =>
        call.Run(pass: new ForwardPass(editor.Place, new SteerHook(this, recorder)));

    public void Dispose()
    {
        foreach (var sum in _sums.Values)
        {
            sum.Dispose();
        }
        foreach (var capture in _captures.Values)
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
        if (prompt.Weight != 0)
        {
            if (!_sums.TryGetValue(site, out var sum))
            {
                _sums[site] = sum = new EditSum();
            }
            sum.Add(attention, prompt.Weight);
        }
    }

    private sealed class CaptureHook(SiteSums owner, EditPrompt prompt, int index) : IAttentionHook
    {
        public Tensor Apply(in AttentionOutput output)
        {
            var sites = owner.Editor.Sites;
            if (sites.Includes(output.Site))
            {
                owner.Store(output.Site, owner.Rows.Take(output), prompt, index);
            }
            if (sites.IsLast(output.Site))
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
            var attention = owner.Rows.Take(output);
            var steered = owner._sums.TryGetValue(output.Site, out var sum)
                ? sum.Steer(attention, owner._totalScale)
                : EditSum.SteerTowardsNothing(attention, owner._totalScale);
            var site = output.Site;
            recorder?.Record(site, attention, steered, prompt => owner._captures[(prompt, site)]);
            if (sum is not null)
            {
                sum.Dispose();
            }
            return ReferenceEquals(steered, attention) ? output.Value : owner.Rows.Put(output, steered);
        }
    }

    private FluxSpaceEditor Editor => editor;

    private EditRows Rows => rows;
}
