namespace NodeHost.Diffusion.Checkpoints;

/// <summary>An open file of named tensors, whatever its format; tensors that were read stay good after it is closed.</summary>
public interface IWeightFile : IWeightSource, IDisposable;
