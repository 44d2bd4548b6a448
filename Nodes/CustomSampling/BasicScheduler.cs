using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Sampling;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>The noise levels that a schedule gives for a model.</summary>
[Node("BasicScheduler", Category = "sampling/custom_sampling/schedulers", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class BasicScheduler : INode<Sigmas>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice(typeof(SchedulerNames))]
    public string Scheduler { get; init; } = "simple";

    [Number(1, 10000)]
    public int Steps { get; init; } = 20;

    [Number(0.0, 1.0, Step = 0.01)]
    public double Denoise { get; init; } = 1.0;

    public Sigmas Execute(NodeContext context)
    {
        if (Denoise <= 0)
        {
            return new Sigmas([]);
        }
        var steps = Denoise < 1 ? (int)(Steps / Denoise) : Steps;
        var sigmas = ScheduleCatalogue.Get(Scheduler).Compute(Model.Sampling, steps);
        return new Sigmas(sigmas[Math.Max(0, sigmas.Length - (Steps + 1))..]);
    }
}
