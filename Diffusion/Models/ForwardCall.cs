using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>One call of a network on its way to it: what goes in, and the means to run it.</summary>
public sealed class ForwardCall
{
    public const string Plain = "plain";

    private readonly DiffusionModel _model;

    internal ForwardCall(
        DiffusionModel model,
        IDiffusionNetwork network,
        Tensor x,
        Tensor timesteps,
        NetworkInput input,
        ForwardStep step
    )
    {
        _model = model;
        (Network, X, Timesteps, Input, Step) = (network, x, timesteps, input, step);
    }

    public IDiffusionNetwork Network { get; }

    /// <summary>Scaled noisy latent [B, C, H, W].</summary>
    public Tensor X { get; }

    /// <summary>Time as the network takes it [B].</summary>
    public Tensor Timesteps { get; }

    public NetworkInput Input { get; }

    public ForwardStep Step { get; }

    public ModelSampling Sampling => _model.Sampling;

    /// <summary>How many values of the input's pooled vector tell of sizes and not of text; they come last (SDXL).</summary>
    public long SizesWidth => _model.Sizes?.Width ?? 0;

    /// <summary>Runs the network and gives its prediction.</summary>
    /// <param name="input">Other conditioning; null for the call's own.</param>
    /// <param name="pass">Hook of this pass, if it has one.</param>
    public Tensor Run(NetworkInput? input = null, ForwardPass? pass = null) => Run(X, Timesteps, input ?? Input, pass);

    /// <summary>Runs the network for what the pass's hook sees; the prediction is dropped, and the hook may <see cref="EndPass"/>.</summary>
    public void Watch(NetworkInput input, ForwardPass pass) => Watch(X, Timesteps, input, pass);

    /// <summary>As <see cref="Watch(NetworkInput, ForwardPass)"/>, with a batch of another size.</summary>
    public void Watch(Tensor x, Tensor timesteps, NetworkInput input, ForwardPass pass)
    {
        using var scope = new TensorScope();
        try
        {
            Run(x, timesteps, input, pass);
        }
        catch (PassEnded)
        {
            // The hook has seen all it wants.
        }
    }

    /// <summary>Called by a hook in <see cref="Watch(NetworkInput, ForwardPass)"/>: the rest of the network need not run.</summary>
    public static void EndPass() => throw new PassEnded();

    /// <summary>Counts a forward pass under a name.</summary>
    public void Report(string mode = Plain)
    {
        if (_model.Observer is { } observer)
        {
            using var first = Timesteps.Slice(0, 0, 1);
            var time = first.Item();
            var gates = _model.GatedLoras.Select(lora => lora.Gate.IsOpen(Sampling, Step.Sigma));
            observer.Observe(new ForwardRecord(Network, time, X.Length(0), mode, [.. gates]));
        }
    }

    private Tensor Run(Tensor x, Tensor timesteps, NetworkInput input, ForwardPass? pass)
    {
        var step = StepOf(x, pass);
        using var attention = new AttentionHooks(_model.AttentionHooks, step).Activate();
        using var blocks = new BlockHooks(_model.BlockHooks, step, x.Length(2), x.Length(3)).Activate();
        try
        {
            return _model.ComputeType is { } type && type != x.DType && CanCompute(type, x.Device)
                ? Network.Forward(x.To(type), timesteps, input.To(type)).To(x.DType)
                : Network.Forward(x, timesteps, input);
        }
        finally
        {
            foreach (var watcher in _model.AttentionHooks.OfType<IPassWatcher>())
            {
                watcher.AfterPass(step);
            }
        }
    }

    /// <summary>What hooks are told of a pass; its batch may be the call's several times over.</summary>
    private ForwardStep StepOf(Tensor x, ForwardPass? pass)
    {
        var copies = (int)(x.Length(0) / X.Length(0));
        var parts = Step.ConditioningParts;
        return Step with
        {
            Pass = pass,
            ConditioningParts = copies <= 1 ? parts : [.. Enumerable.Repeat(parts, copies).SelectMany(part => part)],
        };
    }

    /// <summary>CPUs have no float16 arithmetic.</summary>
    private static bool CanCompute(DType type, Device device) => type != DType.Float16 || !device.IsCpu;

    private sealed class PassEnded : Exception;
}
