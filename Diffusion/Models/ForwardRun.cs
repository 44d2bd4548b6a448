using NodeHost.Diffusion.Lora;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>What lasts as long as one sampling run with a model: its wrapper's session and its un-merged LoRAs.</summary>
internal sealed class ForwardRun(DiffusionModel model, ForwardRunInfo info) : IDisposable
{
    private readonly IForwardSession? _session = model.Wrapper?.Begin(info);
    private readonly LoadedLoras _loras = new(model.Source.Targets);

    public ForwardRunInfo Info => info;

    /// <summary>The network's prediction, as the model's wrapper wants it.</summary>
    public Tensor Forward(ForwardCall call)
    {
        using var updates = _loras.Activate(model.GatedLoras, call.Sampling, call.Step.Sigma, call.X.Device);
        if (_session is not null)
        {
            return _session.Forward(call);
        }
        call.Report();
        return call.Run();
    }

    public void Dispose()
    {
        _session?.Dispose();
        _loras.Dispose();
    }
}
