namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>Whether a channel follows a sweep steadily, over many trajectories.</summary>
public sealed class MonotonicityReport
{
    private const double Strong = 0.9;
    private const double Majority = 0.8;

    public MonotonicityReport(IReadOnlyList<Trajectory> trajectories)
    {
        ArgumentOutOfRangeException.ThrowIfZero(trajectories.Count);
        Trajectories = trajectories;
        double[] ratios = [.. trajectories.Select(trajectory => trajectory.MaxStepRatio)];
        (MeanMaxStepRatio, MaxStepRatioP95) = (ratios.Average(), Percentile.Of(ratios, 95));
    }

    public IReadOnlyList<Trajectory> Trajectories { get; }

    public double MeanTau => Trajectories.Average(trajectory => trajectory.Tau);

    public double MeanAbsoluteTau => Trajectories.Average(trajectory => Math.Abs(trajectory.Tau));

    /// <summary>Share of trajectories whose rank correlation is 0.9 or more in magnitude.</summary>
    public double StrongShare => Share(trajectory => Math.Abs(trajectory.Tau) >= Strong);

    public double MonotoneRate => Share(trajectory => trajectory.IsMonotone);

    public double MeanMaxStepRatio { get; }

    public double MaxStepRatioP95 { get; }

    public double MeanRange => Trajectories.Average(trajectory => trajectory.Range);

    /// <summary>Whether four in five trajectories follow strongly.</summary>
    public bool IsSupported => StrongShare >= Majority;

    /// <summary>Mean over trajectories at each value that is swept.</summary>
    public Trajectory Mean =>
        new(
            "mean",
            Trajectories
                .SelectMany(trajectory => trajectory.X.Zip(trajectory.Y))
                .GroupBy(point => point.First)
                .Select(group => (group.Key, group.Average(point => point.Second)))
        );

    /// <summary>Trajectories with points enough for a class.</summary>
    public int ShapedCount => Trajectories.Count(trajectory => trajectory.HasShape);

    /// <summary>Share of the trajectories with a shape that are of a class; 0 where none has one.</summary>
    public double ShareOf(ResponseClass kind) =>
        (double)Trajectories.Count(trajectory => trajectory.HasShape && trajectory.Class == kind)
        / Math.Max(1, ShapedCount);

    private double Share(Func<Trajectory, bool> holds) => (double)Trajectories.Count(holds) / Trajectories.Count;
}
