namespace NodeHost.Diffusion.Models;

/// <summary>Gives a denoising network when it is needed.</summary>
public interface INetworkSource : IModelSource<IDiffusionNetwork>;
