using NodeHost.Tensors;

namespace NodeHost.Diffusion.Blocks;

/// <summary>
/// Token merging for Stable Diffusion, https://arxiv.org/abs/2303.17604: the tokens most like one of their neighbours are
/// merged into it for self-attention, and get its output.
/// </summary>
/// <remarks>As https://github.com/dbolya/tomesd (MIT) with its defaults: levels of the latent's size, regions of 2x2.</remarks>
/// <param name="ratio">Share of the tokens that is merged.</param>
public sealed class TokenMerging(double ratio) : IAttentionLayerHook
{
    public Tensor Attend(in AttentionLayerCall call, Func<Tensor, Tensor?, Tensor> attend)
    {
        ArgumentNullException.ThrowIfNull(attend);
        var merged = (int)(call.Tokens.Length(1) * ratio);
        if (call.Context is not null || merged <= 0 || call.Map() is not { Level: 0 } map)
        {
            return attend(call.Tokens, call.Context);
        }
        // Chance in one half of a guided pair only would show: an odd batch holds such a half.
        var random = call.Tokens.Length(0) % 2 == 0 ? StepRandom.For(call) : null;
        var matching = TokenMatching.Find(call.Tokens, (int)map.Height, (int)map.Width, merged, random);
        return matching.Unmerge(attend(matching.Merge(call.Tokens), null));
    }
}
