using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>What nodes that merge models do alike: they tell which weights found no counterpart.</summary>
internal static class Merging
{
    public static DiffusionModel Blocks(
        NodeContext context,
        DiffusionModel first,
        DiffusionModel second,
        OrderedDictionary<string, double> ratios
    ) => Report(context, ModelMerge.Mix(first, second, new BlockRatios([.. ratios])));

    public static DiffusionModel Report(NodeContext context, DiffusionModel merged)
    {
        if (ModelMerge.DescribeUnmatched(merged) is { } warning)
        {
            context.Warn(warning);
        }
        return merged;
    }

    public static Clip Report(NodeContext context, Clip merged)
    {
        if (ModelMerge.DescribeUnmatched(merged) is { } warning)
        {
            context.Warn(warning);
        }
        return merged;
    }
}
