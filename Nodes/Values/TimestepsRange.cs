namespace NodeHost.Nodes.Values;

/// <summary>The value of a TIMESTEPS_RANGE socket: a part of a run, in fractions of it.</summary>
public sealed record TimestepsRange(double Start, double End);
