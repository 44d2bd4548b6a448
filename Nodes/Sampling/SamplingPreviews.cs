using System.Diagnostics.CodeAnalysis;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Sampling;

/// <summary>Makes a small picture of each step's prediction; tiny decoders are opened when first needed and kept.</summary>
/// <param name="options">Whether, how and how large.</param>
/// <param name="paths">Where tiny decoders are looked for, in <c>vae_approx</c>.</param>
/// <param name="device">Where they compute; the CPU where nothing is said.</param>
public sealed class SamplingPreviews(PreviewOptions options, IFolderPaths paths, Device? device = null) : IDisposable
{
    private static readonly string[] Extensions = [".safetensors", ".pth", ".pt"];

    private readonly Lock _gate = new();
    private readonly HashSet<string> _warnings = [];
    private readonly Dictionary<string, (IWeightFile Source, TinyDecoder Decoder)?> _decoders = [];

    /// <summary>The picture of a denoised latent at the network's scale; null where previews are off or none can be made.</summary>
    /// <param name="format">The latent's family.</param>
    /// <param name="denoised">[B, C, H, W], of which the first is shown.</param>
    /// <param name="warn">Is told once of each thing that stands in the way.</param>
    /// <param name="choice">What the prompt itself wants.</param>
    public NodePreview? Render(LatentFormat format, Tensor denoised, Action<string> warn, PreviewChoice? choice = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(denoised);
        var method = choice?.Method ?? options.Method;
        if (method == PreviewMethod.None)
        {
            return null;
        }
        using var scope = new TensorScope();
        return Try(
            () =>
            {
                var first = denoised.Slice(0, 0, 1).To(DType.Float32);
                return (ByTinyDecoder(method, format, first, warn) ?? format.Colours?.Decode(first)) is { } picture
                    ? new NodePreview(PreviewEncoder.Encode(ToPixels(picture), options.Size), "image/jpeg")
                    : null;
            },
            "there will be none",
            warn
        );
    }

    public void Dispose()
    {
        foreach (var entry in _decoders.Values)
        {
            entry?.Decoder.Dispose();
            entry?.Source.Dispose();
        }
        _decoders.Clear();
    }

    private Tensor? ByTinyDecoder(PreviewMethod method, LatentFormat format, Tensor latent, Action<string> warn) =>
        method is PreviewMethod.Auto or PreviewMethod.Taesd
            ? Try(
                () => Decoder(format)?.Decode(latent).Select(0, 0).Permute(1, 2, 0).Clamp(0, 1),
                "a linear map stands in for the tiny decoder",
                warn
            )
            : null;

    // Whatever goes wrong: a picture of work in progress is not worth ending the work for.
    [SuppressMessage("Design", "CA1031", Justification = "See above; the failure is reported.")]
    private T? Try<T>(Func<T?> make, string consequence, Action<string> warn)
        where T : class
    {
        try
        {
            return make();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var warning = $"Preview: {error.Message} So {consequence}.";
            lock (_gate)
            {
                if (!_warnings.Add(warning))
                {
                    return null;
                }
            }
            warn(warning);
            return null;
        }
    }

    private TinyDecoder? Decoder(LatentFormat format)
    {
        if (format.TinyDecoderName is not { } name)
        {
            return null;
        }
        lock (_gate)
        {
            if (!_decoders.TryGetValue(name, out var entry))
            {
                // A file that cannot be opened is not tried again at each step.
                _decoders.Add(name, null);
                _decoders[name] = entry = Open(name, format.Channels);
            }
            return entry?.Decoder;
        }
    }

    private (IWeightFile Source, TinyDecoder Decoder)? Open(string name, int channels)
    {
        var files = Extensions.Select(extension => paths.Find("vae_approx", name + extension));
        if (files.FirstOrDefault(file => file is not null) is not { } path)
        {
            return null;
        }
        // The decoder outlives the step that needs it first.
        using var unscoped = TensorScope.Suspend();
        var source = WeightFiles.Open(path);
        try
        {
            var decoder = new TinyDecoder(source, device);
            if (decoder.LatentChannels == channels)
            {
                return (source, decoder);
            }
            decoder.Dispose();
            throw new WeightException(
                $"{path} decodes latents of {decoder.LatentChannels} channels, expected {channels}."
            );
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static PixelBuffer ToPixels(Tensor picture)
    {
        var bytes = (picture * 255).To(Device.Cpu, DType.UInt8).ToArray<byte>();
        return new PixelBuffer((int)picture.Length(1), (int)picture.Length(0), 3, bytes);
    }
}
