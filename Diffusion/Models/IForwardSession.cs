using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>A wrapper at work during one sampling run.</summary>
public interface IForwardSession : IDisposable
{
    /// <summary>The prediction that takes the place of <c>call.Run()</c>.</summary>
    Tensor Forward(ForwardCall call);
}
