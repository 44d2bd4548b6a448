using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Text;

/// <summary>The value of a CLIP socket: a handle, cheap to clone with <c>with</c>. It owns no weights.</summary>
public sealed record Clip
{
    public required ITextEncoder Encoder { get; init; }

    /// <summary>The layer the hidden states come from, counted from the end (CLIPSetLastLayer); null = the family's own choice.</summary>
    public int? LastLayer { get; init; }

    /// <summary>Adapters merged into the weights, in order.</summary>
    public IReadOnlyList<WeightPatch> Patches { get; init; } = [];

    /// <summary>Adapters that prompts carry with them, or that change during a run.</summary>
    public ClipHooks? Hooks { get; init; }

    public TokenizedPrompt Tokenize(string text, Action<string>? warn = null) => Encoder.Tokenize(text, warn);

    public EncodedText Encode(string text, Action<string>? warn = null) => Encode(Tokenize(text, warn));

    public EncodedText Encode(TokenizedPrompt prompt) => Encoder.Encode(prompt, LastLayer, Patches);

    /// <summary>An encoded prompt with the hooks that belong to it: an entry for each part of the run that hooks divide it into.</summary>
    public Conditioning Condition(TokenizedPrompt prompt)
    {
        if (Hooks is null)
        {
            var encoded = Encode(prompt);
            return new([new() { Context = encoded.Cond, Pooled = encoded.Pooled }]);
        }
        return new([.. Hooks.Parts().Select(part => Condition(prompt, Hooks, part))]);
    }

    private ConditioningEntry Condition(
        TokenizedPrompt prompt,
        ClipHooks hooks,
        (double Start, double End, IReadOnlyList<WeightPatch> Patches) part
    )
    {
        var patches = part.Patches.Where(patch => patch.Strength != 0);
        var encoded = Encoder.Encode(prompt, LastLayer, [.. Patches, .. patches]);
        return new()
        {
            Context = encoded.Cond,
            Pooled = encoded.Pooled,
            ClipStartPercent = hooks.IsScheduled ? part.Start : null,
            ClipEndPercent = hooks.IsScheduled ? part.End : null,
            Hooks = hooks.AppliesToConditioning ? hooks.Group : null,
        };
    }
}
