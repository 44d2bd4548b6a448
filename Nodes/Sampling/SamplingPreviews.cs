using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Sampling;

/// <summary>Makes a small picture of each step's prediction; tiny decoders are opened when first needed and kept.</summary>
public sealed class SamplingPreviews(PreviewOptions options, IFolderPaths paths) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (SafetensorsSource Source, TinyDecoder Decoder)?> _decoders = [];

    /// <summary>The picture of a denoised latent at the network's scale; null where previews are off or none can be made.</summary>
    public NodePreview? Render(LatentFormat format, Tensor denoised)
    {
        if (options.Method == PreviewMethod.None)
        {
            return null;
        }
        using var scope = new TensorScope();
        var picture = Decode(format, denoised);
        return picture is null
            ? null
            : new NodePreview(PreviewEncoder.Encode(ToPixels(picture), options.Size), "image/jpeg");
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

    private Tensor? Decode(LatentFormat format, Tensor denoised)
    {
        if (options.Method != PreviewMethod.LatentToRgb && Decoder(format) is { } decoder)
        {
            return decoder.Decode(denoised.Slice(0, 0, 1).To(Device.Cpu)).Select(0, 0).Permute(1, 2, 0).Clamp(0, 1);
        }
        return format.Colours?.Decode(denoised);
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
                entry = Open(name, format.Channels);
                _decoders.Add(name, entry);
            }
            return entry?.Decoder;
        }
    }

    private (SafetensorsSource Source, TinyDecoder Decoder)? Open(string name, int channels)
    {
        if (paths.Find("vae_approx", $"{name}.safetensors") is not { } path)
        {
            return null;
        }
        // The decoder outlives the step that needs it first.
        using var unscoped = TensorScope.Suspend();
        var source = SafetensorsSource.Open(path);
        try
        {
            var decoder = new TinyDecoder(source);
            if (decoder.LatentChannels == channels)
            {
                return (source, decoder);
            }
            decoder.Dispose();
        }
        catch (WeightException)
        {
            // A file of another layout: the linear map stands in, a preview is not worth ending a job for.
        }
        source.Dispose();
        return null;
    }

    private static PixelBuffer ToPixels(Tensor picture)
    {
        var bytes = (picture * 255).To(Device.Cpu, DType.UInt8).ToArray<byte>();
        return new PixelBuffer((int)picture.Length(1), (int)picture.Length(0), 3, bytes);
    }
}
