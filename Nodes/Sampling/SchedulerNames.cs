using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Sampling;

/// <summary>The schedules to choose from.</summary>
public sealed class SchedulerNames : IChoiceProvider
{
    public IEnumerable<object> Options(IServiceProvider services, string? argument) => ScheduleCatalogue.Names;
}
