using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>Finds the numbers that put a job where it is wanted.</summary>
internal static class JobOrder
{
    /// <summary>The jobs with their new numbers; none when the job, or what it is to be put before, is not there.</summary>
    /// <param name="sorted">All pending jobs in order.</param>
    /// <param name="promptId">The one that moves.</param>
    /// <param name="place">Where to.</param>
    /// <param name="counter">A number not given out yet, for the back.</param>
    public static IReadOnlyList<JobKey> Move(
        IReadOnlyList<JobKey> sorted,
        string promptId,
        QueuePlace place,
        long counter
    )
    {
        if (sorted.FirstOrDefault(job => job.PromptId == promptId) is not { } moved)
        {
            return [];
        }
        var others = sorted.Where(job => job != moved).ToList();
        if (place.Before is { } before)
        {
            var index = others.FindIndex(job => job.PromptId == before);
            return index < 0 ? [] : Before(others, index, moved);
        }
        return others.Count == 0 ? [moved]
            : place.IsFront ? [moved with { Number = Math.Min(0, Math.Floor(others[0].Number)) - 1 }]
            : [moved with { Number = Math.Max(counter, Math.Ceiling(others[^1].Number) + 1) }];
    }

    private static IReadOnlyList<JobKey> Before(List<JobKey> others, int index, JobKey moved)
    {
        var next = others[index].Number;
        if (index == 0)
        {
            return [moved with { Number = Math.Ceiling(next) - 1 }];
        }
        var previous = others[index - 1].Number;
        var between = previous + ((next - previous) / 2);
        if (between > previous && between < next)
        {
            return [moved with { Number = between }];
        }
        // No number lies between: all get new ones, from the lowest up.
        others.Insert(index, moved);
        var lowest = Math.Floor(others.Min(job => job.Number));
        return [.. others.Select((job, place) => job with { Number = lowest + place })];
    }
}
