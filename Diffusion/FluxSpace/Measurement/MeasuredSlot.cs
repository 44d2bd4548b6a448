namespace NodeHost.Diffusion.FluxSpace.Measurement;

/// <summary>Where a slot's two prompts stand among the prompts that run.</summary>
/// <param name="A">Index of the first prompt.</param>
/// <param name="B">Index of the second; the first again in an edit with one.</param>
/// <param name="MixB">Share of the second.</param>
/// <param name="Suffix">What its members' names carry where there are several slots.</param>
internal sealed record MeasuredSlot(int A, int B, double MixB, string Suffix)
{
    public static MeasuredSlot Of(EditSlot slot, IReadOnlyList<EditPrompt> prompts, int slotCount)
    {
        int[] indexes =
        [
            .. slot.Halves.Select(half =>
                prompts.Index().First(item => EditPrompt.AreEqual(item.Item.Entry, half.Entry)).Index
            ),
        ];
        return new MeasuredSlot(indexes[0], indexes[^1], slot.MixB, slotCount == 1 ? "" : $"_{slot.Number}");
    }
}
