using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>Whether a prompt can stand in for the base's in a call.</summary>
internal static class EditPromptCheck
{
    /// <param name="edit">What messages call the edit.</param>
    /// <param name="place">Slot and half, such as <c>1b</c>.</param>
    /// <param name="entry">The prompt.</param>
    /// <param name="call">A call with the base's.</param>
    /// <exception cref="FluxSpaceException">It cannot.</exception>
    public static void Require(string edit, string place, ConditioningEntry entry, ForwardCall call)
    {
        var (given, expected) = (entry.Context, call.Input.Context);
        if (given.Length(2) != expected.Length(2))
        {
            throw new FluxSpaceException(
                $"{edit}: the edit prompt {place} was encoded with {given.Length(2)} values for each token, the base prompt "
                    + $"with {expected.Length(2)}. Encode both with the model's own text encoders."
            );
        }
        var fits =
            given.Length(1) == expected.Length(1)
            || (call.Network.AllowsRepeatedContext && expected.Length(1) % given.Length(1) == 0);
        if (!fits)
        {
            throw new FluxSpaceException(
                $"{edit}: the edit prompt {place} is {given.Length(1)} tokens long, the base prompt {expected.Length(1)}; "
                    + "attention can only be mixed between texts of one length. "
                    + "Shorten the longer one "
                    + (
                        call.Network.AllowsRepeatedContext
                            ? "(CLIP's texts are padded to 77 tokens, or a multiple of that)."
                            : "(texts of up to 256 T5 tokens are all padded to 256)."
                    )
            );
        }
        var width = call.Input.Pooled is { } pooled ? pooled.Length(-1) - call.SizesWidth : 0;
        if (entry.Pooled is { } own && width > 0 && own.Length(-1) != width)
        {
            throw new FluxSpaceException(
                $"{edit}: the edit prompt {place} has a pooled vector of {own.Length(-1)} values, the base prompt of "
                    + $"{width}. Encode both with the model's own text encoders."
            );
        }
    }
}
