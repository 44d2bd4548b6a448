using NodeHost.Diffusion.Attention;

namespace NodeHost.Diffusion.Networks.UNet;

/// <summary>What each numbered block of a UNet is, worked out from its configuration.</summary>
internal sealed record UNetPlan(
    IReadOnlyList<UNetPlan.Stage> Input,
    long MiddleChannels,
    IReadOnlyList<UNetPlan.Stage> Output
)
{
    /// <summary>The kind of step with which a block begins or ends besides its residual block.</summary>
    public enum Resampling
    {
        None,
        First,
        Down,
        Up,
    }

    /// <param name="Inputs">Channels that enter, those of the skip connection included.</param>
    public sealed record Stage(long Inputs, long Outputs, int Depth, Resampling Resampling, AttentionSite Site);

    public static UNetPlan Of(UNetConfig config)
    {
        var levels = config.Multipliers.Count;
        var input = new List<Stage>();
        var output = new List<Stage>();
        var inputTotal = config.ResBlocks.Sum() + levels;
        var outputTotal = config.ResBlocks.Sum() + levels;

        var channels = config.ModelChannels;
        var skips = new Stack<long>();
        void AddInput(long outputs, int depth, Resampling resampling)
        {
            input.Add(new(channels, outputs, depth, resampling, new("input", input.Count, inputTotal, "")));
            channels = outputs;
            skips.Push(channels);
        }
        AddInput(channels, 0, Resampling.First);
        for (var level = 0; level < levels; level++)
        {
            for (var block = 0; block < config.ResBlocks[level]; block++)
            {
                AddInput(
                    config.ModelChannels * config.Multipliers[level],
                    config.TransformerDepths[level],
                    Resampling.None
                );
            }
            if (level < levels - 1)
            {
                AddInput(channels, 0, Resampling.Down);
            }
        }

        var middle = channels;
        for (var level = levels - 1; level >= 0; level--)
        {
            for (var block = 0; block <= config.ResBlocks[level]; block++)
            {
                var outputs = config.ModelChannels * config.Multipliers[level];
                var resampling = level > 0 && block == config.ResBlocks[level] ? Resampling.Up : Resampling.None;
                output.Add(
                    new(
                        channels + skips.Pop(),
                        outputs,
                        config.TransformerDepths[level],
                        resampling,
                        new("output", output.Count, outputTotal, "")
                    )
                );
                channels = outputs;
            }
        }
        return new(input, middle, output);
    }
}
