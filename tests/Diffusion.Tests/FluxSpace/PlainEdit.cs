using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>
/// An edit as it is defined, with nothing saved: every half of every slot runs whole and leaves all its attention
/// outputs; the base's pass adds <c>((d_1 + d_2) + d_3) + d_4</c> with <c>d_i = scale_i (m_i - attn)</c>. What the product
/// makes faster is compared with this.
/// </summary>
/// <param name="slots">The edits.</param>
/// <param name="window">Noise levels, the upper one first; both belong to it.</param>
internal sealed class PlainEdit(IReadOnlyList<EditSlot> slots, (double Upper, double Lower) window) : IForwardWrapper
{
    private readonly AttentionHookPlace _place = new();

    public EditTokens Tokens { get; init; }

    public bool DoubleBlocksOnly { get; init; }

    /// <summary>Prompt of the neutral direction that is projected out; null for the plain difference.</summary>
    public ConditioningEntry? Neutral { get; init; }

    /// <summary>Passes of the last run, as an edit counts them.</summary>
    public List<string> Modes { get; } = [];

    /// <summary>The same edit with all scales times a factor.</summary>
    public PlainEdit Scaled(double factor) =>
        new([.. slots.Select(slot => slot with { Scale = slot.Scale * factor })], window)
        {
            Tokens = Tokens,
            DoubleBlocksOnly = DoubleBlocksOnly,
            Neutral = Neutral,
        };

    public DiffusionModel ApplyTo(DiffusionModel model) =>
        model with
        {
            Wrapper = this,
            AttentionHooks = [.. model.AttentionHooks, _place],
        };

    public IForwardSession Begin(ForwardRunInfo run)
    {
        Modes.Clear();
        return new Session(this);
    }

    private bool Includes(AttentionSite site) =>
        DoubleBlocksOnly ? site.Block == "double" : site.Layer is "joint" or "attn1";

    private sealed class Session(PlainEdit edit) : IForwardSession
    {
        private readonly List<Tensor> _owned = [];

        public Tensor Forward(ForwardCall call)
        {
            var parts = call.Step.ConditioningParts;
            var sigma = call.Step.Sigma;
            if (!parts.Contains(0) || sigma > edit.Window.Upper || sigma < edit.Window.Lower)
            {
                edit.Modes.Add("plain");
                return call.Run();
            }
            var captured =
                new List<(
                    double Scale,
                    double MixB,
                    Dictionary<AttentionSite, Tensor> A,
                    Dictionary<AttentionSite, Tensor> B
                )>();
            foreach (var slot in edit.Slots)
            {
                var a = Capture(call, slot.A.Entries[0], $"capture {slot.Number}a");
                var b = slot.B is null ? a : Capture(call, slot.B.Entries[0], $"capture {slot.Number}b");
                captured.Add((slot.Scale, slot.B is null ? 0 : slot.MixB, a, b));
            }
            var neutral = edit.Neutral is { } entry ? Capture(call, entry, "capture neutral") : null;
            edit.Modes.Add("steer");
            var prediction = call.Run(
                pass: new ForwardPass(
                    edit._place,
                    new Hook(output =>
                    {
                        var attention = output.Value;
                        if (!edit.Includes(output.Site))
                        {
                            return attention;
                        }
                        Tensor? sum = null;
                        foreach (var (scale, mixB, a, b) in captured)
                        {
                            var mixed = ReferenceEquals(a, b)
                                ? a[output.Site]
                                : (a[output.Site] * (1 - mixB)) + (b[output.Site] * mixB);
                            var delta = neutral is null
                                ? (mixed - attention) * scale
                                : Orthogonal(mixed, neutral[output.Site]) * scale;
                            sum = sum is null ? delta : sum + delta;
                        }
                        return attention + (sum! * Mask(output, parts));
                    })
                )
            );
            foreach (var tensor in _owned)
            {
                tensor.Dispose();
            }
            _owned.Clear();
            return prediction;
        }

        public void Dispose() { }

        private Dictionary<AttentionSite, Tensor> Capture(ForwardCall call, ConditioningEntry entry, string mode)
        {
            edit.Modes.Add(mode);
            var rows = call.X.Length(0);
            var tokens = call.Input.Context.Length(1);
            var input = call.Input with
            {
                Context = entry.Context.Repeat(rows, tokens / entry.Context.Length(1), 1),
                Pooled = entry.Pooled?.Repeat(rows, 1) ?? call.Input.Pooled,
            };
            var seen = new Dictionary<AttentionSite, Tensor>();
            call.Run(
                input,
                new ForwardPass(
                    edit._place,
                    new Hook(output =>
                    {
                        // A network frees what its blocks leave behind; this one is freed at the end of the call.
                        seen.Add(output.Site, output.Value.Clone().Retain());
                        _owned.Add(seen[output.Site]);
                        return output.Value;
                    })
                )
            );
            return seen;
        }

        /// <summary>1 where the edit acts, else 0: [B, tokens, 1].</summary>
        private Tensor Mask(AttentionOutput output, IReadOnlyList<int> parts)
        {
            var (rows, tokens) = ((int)output.Value.Length(0), (int)output.Value.Length(1));
            var (first, count) = output.ImageTokens.GetOffsetAndLength(tokens);
            var mask = new float[rows * tokens];
            for (var row = 0; row < rows; row++)
            {
                for (var token = 0; token < tokens; token++)
                {
                    var isImage = token >= first && token < first + count;
                    var isWanted = edit.Tokens switch
                    {
                        EditTokens.Image => isImage,
                        EditTokens.Text => !isImage,
                        _ => true,
                    };
                    mask[(row * tokens) + token] = isWanted && parts[row * parts.Count / rows] == 0 ? 1 : 0;
                }
            }
            return Tensor.From(mask, rows, tokens, 1);
        }

        private static Tensor Orthogonal(Tensor value, Tensor direction)
        {
            var share =
                (value * direction).Sum([-1], keepDimensions: true)
                / (direction * direction).Sum([-1], keepDimensions: true);
            return value - (direction * share);
        }
    }

    private sealed class Hook(Func<AttentionOutput, Tensor> apply) : IAttentionHook
    {
        public Tensor Apply(in AttentionOutput output) => apply(output);
    }

    private IReadOnlyList<EditSlot> Slots => slots;

    private (double Upper, double Lower) Window => window;
}
