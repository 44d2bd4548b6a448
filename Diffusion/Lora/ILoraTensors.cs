using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>The tensors of an adapter: in its file, or already in memory.</summary>
internal interface ILoraTensors
{
    /// <summary>What messages call it.</summary>
    string Path { get; }

    /// <summary>One tensor in float32; the current scope owns it.</summary>
    Tensor Load(string key);
}
