namespace NodeHost.Diffusion.Models;

/// <summary>Part of a model that is told when a pass through the network is over, be it that it was ended early.</summary>
public interface IPassWatcher
{
    void AfterPass(ForwardStep step);
}
