namespace NodeHost.Tensors;

/// <summary>What the driver says of a GPU.</summary>
/// <param name="Name">Its name, e.g. <c>NVIDIA H200</c>.</param>
/// <param name="ComputeCapability">Its generation, e.g. 8.0 for Ampere.</param>
/// <param name="Multiprocessors">How many multiprocessors it has.</param>
/// <param name="ClockMegahertz">Their highest clock.</param>
public sealed record GpuInfo(string Name, Version ComputeCapability, int Multiprocessors, int ClockMegahertz)
{
    private static readonly Version Ampere = new(8, 0);

    /// <summary>Whether bfloat16 is computed at full rate: from Ampere on.</summary>
    public bool HasBFloat16 => ComputeCapability >= Ampere;
}
