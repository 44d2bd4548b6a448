namespace NodeHost.Diffusion.Models;

/// <summary>
/// Stands around every call of a model's network: it may call it several times, with other conditioning and with a hook for
/// each pass. A model has one (<see cref="DiffusionModel.Wrapper"/>); whoever sets another replaces it.
/// </summary>
public interface IForwardWrapper
{
    /// <summary>Begins a sampling run; what the run needs to remember lives in the session.</summary>
    IForwardSession Begin(ForwardRunInfo run);
}
