using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Sampling;

/// <summary>A network whose prediction is the mean of its text times the latent, and which remembers what it was given.</summary>
internal sealed class FakeNetwork(bool allowsRepeatedContext = true, int inputChannels = 4)
    : IDiffusionNetwork,
        INetworkSource
{
    public List<long[]> Latents { get; } = [];

    public List<long[]> Contexts { get; } = [];

    /// <summary>Text mean of each sample of each call, in batch order.</summary>
    public List<float[]> Texts { get; } = [];

    public List<float[]> Concats { get; } = [];

    public int LatentChannels => 4;

    public int InputChannels => inputChannels;

    public bool AllowsRepeatedContext => allowsRepeatedContext;

    public string Name => "fake";

    public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => this;

    public Tensor Forward(Tensor x, Tensor timesteps, NetworkInput input)
    {
        var text = input.Context.Mean([1, 2]);
        Latents.Add(x.Shape.ToArray());
        Contexts.Add(input.Context.Shape.ToArray());
        Texts.Add(text.ToArray<float>());
        if (input.Concat is { } concat)
        {
            Concats.Add(concat.ToArray<float>());
        }
        return x * text.Reshape(-1, 1, 1, 1);
    }
}
