namespace NodeHost.Diffusion.Models;

/// <summary>Is told of every forward pass of a model, in order.</summary>
public interface IForwardObserver
{
    void Observe(ForwardRecord forward);
}
