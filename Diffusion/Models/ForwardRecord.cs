namespace NodeHost.Diffusion.Models;

/// <summary>A forward pass as the edit that asked for it counts them, however passes were batched or shared.</summary>
/// <param name="Network">The network.</param>
/// <param name="Timestep">Time as the network takes it.</param>
/// <param name="Rows">Batch size.</param>
/// <param name="Mode"><c>plain</c>, or what a wrapper calls the pass: <c>capture 1a</c>, <c>steer</c>, <c>record</c>.</param>
/// <param name="Gates">For each step-gated LoRA of the model, whether it applies.</param>
public sealed record ForwardRecord(
    IDiffusionNetwork Network,
    double Timestep,
    long Rows,
    string Mode,
    IReadOnlyList<bool> Gates
);
