using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>An update beside a layer, whose weight stays as it is.</summary>
internal interface ILayerUpdate : IDisposable
{
    /// <summary>Adds to the output of a linear layer, in place.</summary>
    void AddLinear(Tensor x, Tensor output, double strength);

    /// <summary>Adds to the output of a convolution, in place.</summary>
    void AddConvolution(Tensor x, Tensor output, double strength, long stride, long padding);
}
