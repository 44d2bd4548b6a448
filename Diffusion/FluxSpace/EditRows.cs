using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>The part of an attention output that an edit moves: samples under the positive prompt, and some tokens of them.</summary>
internal sealed class EditRows
{
    private const int Positive = 0;

    private readonly EditTokens _tokens;
    private readonly bool _allSamples;
    private readonly IReadOnlyList<(long Start, long End)> _samples;

    /// <param name="step">Tells which parts of the batch are positive.</param>
    /// <param name="samples">Size of the whole batch.</param>
    /// <param name="tokens">Which tokens.</param>
    public EditRows(ForwardStep step, long samples, EditTokens tokens)
    {
        _tokens = tokens;
        var parts = step.ConditioningParts.Count == 0 ? [Positive] : step.ConditioningParts;
        var size = samples / parts.Count;
        _samples =
        [
            .. parts
                .Select((part, index) => (Part: part, Start: index * size))
                .Where(chunk => chunk.Part == Positive)
                .Select(chunk => (chunk.Start, chunk.Start + size)),
        ];
        _allSamples = _samples.Count == parts.Count;
    }

    /// <summary>Whether there is nothing to edit: the prompts run apart, and this is the negative one.</summary>
    public bool IsEmpty => _samples.Count == 0;

    /// <summary>The part [rows, tokens, C]; the value itself where that is all of it.</summary>
    public Tensor Take(in AttentionOutput output)
    {
        var (start, end) = TokenBounds(output);
        if (_allSamples)
        {
            return TakeTokens(output.Value, start, end);
        }
        var value = output.Value;
        var pieces = _samples
            .Select(samples => TakeTokens(value.Slice(0, samples.Start, samples.End), start, end))
            .ToArray();
        return pieces.Length == 1 ? pieces[0] : Tensor.Concat(pieces, 0);
    }

    /// <summary>The whole value with the part replaced.</summary>
    public Tensor Put(in AttentionOutput output, Tensor part)
    {
        var (start, end) = TokenBounds(output);
        if (_allSamples && end - start == output.Value.Length(1))
        {
            return part;
        }
        var result = output.Value.Clone();
        var row = 0L;
        foreach (var samples in _samples)
        {
            var count = samples.End - samples.Start;
            result.Slice(0, samples.Start, samples.End).Slice(1, start, end).Assign(part.Slice(0, row, row + count));
            row += count;
        }
        return result;
    }

    private static Tensor TakeTokens(Tensor value, long start, long end) =>
        end - start == value.Length(1) ? value : value.Slice(1, start, end);

    private (long Start, long End) TokenBounds(in AttentionOutput output)
    {
        var length = output.Value.Length(1);
        var (imageStart, imageLength) = output.ImageTokens.GetOffsetAndLength((int)length);
        return _tokens switch
        {
            EditTokens.Image => (imageStart, imageStart + imageLength),
            EditTokens.Text => (0, imageStart),
            _ => (0, length),
        };
    }
}
