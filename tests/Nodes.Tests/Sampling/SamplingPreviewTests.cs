using System.Runtime.InteropServices;
using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;
using NodeHost.Images;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Sampling;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;
using NodeHost.Tests.Tensors.Pickle;

namespace NodeHost.Tests.Nodes.Sampling;

public sealed class SamplingPreviewTests
{
    private const double MeanDifference = 2;

    [Fact]
    public void Render_PreviewsOff_GivesNothing()
    {
        using var folder = new TemporaryFolder();
        using var services = NodePack.CreateServices(Layout(folder));
        using var latent = Tensor.Zeros([1, 4, 8, 8]);

        Assert.Null(services.Get<SamplingPreviews>().Render(LatentFormat.Sd15, latent, Unexpected));
    }

    [Fact]
    public void Render_WideLatentWithoutTinyDecoder_GivesJpegOfTheWantedSize()
    {
        using var folder = new TemporaryFolder();
        using var services = NodePack.CreateServices(Layout(folder), Previews(PreviewMethod.Auto, size: 128));
        using var latent = Tensor.Zeros([2, 16, 8, 16]);

        var preview = services.Get<SamplingPreviews>().Render(LatentFormat.Flux, latent, Unexpected);

        Assert.NotNull(preview);
        Assert.Equal("image/jpeg", preview.ImageType);
        var picture = Decode(preview.Bytes);
        Assert.Equal((128, 64), (picture.Width, picture.Height));
    }

    [Fact]
    public void Render_PromptWithAChoiceOfItsOwn_GetsThat()
    {
        using var folder = new TemporaryFolder();
        using var off = NodePack.CreateServices(Layout(folder));
        using var on = NodePack.CreateServices(Layout(folder), Previews(PreviewMethod.LatentToRgb));
        using var latent = Tensor.Zeros([1, 4, 8, 8]);
        NodePreview? Render(NodePackServices services, string method) =>
            services.Get<SamplingPreviews>().Render(LatentFormat.Sd15, latent, Unexpected, PreviewChoice.Parse(method));

        Assert.NotNull(Render(off, "latent2rgb"));
        Assert.Null(Render(on, "none"));
        Assert.NotNull(Render(on, "default"));
    }

    [Theory]
    [InlineData(PreviewMethod.Auto, 64)]
    [InlineData(PreviewMethod.Taesd, 64)]
    [InlineData(PreviewMethod.LatentToRgb, 127)]
    public void Render_TinyDecoderIsThere_IsUsedUnlessTheLinearMapIsWanted(PreviewMethod method, int level)
    {
        using var folder = new TemporaryFolder();
        SaveGreyDecoder(folder, channels: 4);
        using var services = NodePack.CreateServices(Layout(folder), Previews(method));
        using var latent = Tensor.Zeros([1, 4, 8, 8], DType.Float16);

        var preview = services.Get<SamplingPreviews>().Render(LatentFormat.Sd15, latent, Unexpected);

        Assert.All(Decode(preview!.Bytes).Data, value => Assert.InRange(value, level - 2, level + 2));
    }

    /// <summary>The files that ComfyUI's users have: torch.save's of every tiny decoder, beside or instead of safetensors.</summary>
    [Theory]
    [InlineData("taesd_decoder", 4)]
    [InlineData("taef1_decoder", 16)]
    public void Render_PickledTinyDecoder_IsUsed(string name, int channels)
    {
        using var folder = new TemporaryFolder();
        SavePickledGreyDecoder(folder, name, channels);
        using var services = NodePack.CreateServices(Layout(folder), Previews(PreviewMethod.Taesd));
        using var latent = Tensor.Zeros([1, channels, 8, 8]);
        var format = channels == 4 ? LatentFormat.Sd15 : LatentFormat.Flux;

        var preview = services.Get<SamplingPreviews>().Render(format, latent, Unexpected);

        Assert.All(Decode(preview!.Bytes).Data, value => Assert.InRange(value, 62, 66));
    }

    [Fact]
    public void Render_OnAnotherDevice_ShowsTheSamePicture()
    {
        using var folder = new TemporaryFolder();
        SaveGreyDecoder(folder, channels: 4);
        var options = Previews(PreviewMethod.Taesd) with { Device = TwinDevice.Device };
        using var services = NodePack.CreateServices(Layout(folder), options);
        using var scope = new TensorScope();
        var latent = Tensor.Zeros([1, 4, 8, 8]).To(TwinDevice.Device);

        var preview = services.Get<SamplingPreviews>().Render(LatentFormat.Sd15, latent, Unexpected);
        var mapped = services.Get<SamplingPreviews>().Render(LatentFormat.Sdxl, latent, Unexpected);

        Assert.All(Decode(preview!.Bytes).Data, value => Assert.InRange(value, 62, 66));
        Assert.NotNull(mapped);
    }

    [Fact]
    public void Render_TinyDecoderOfAnotherFamily_WarnsOnceAndMapsLinearly()
    {
        using var folder = new TemporaryFolder();
        SaveGreyDecoder(folder, channels: 16);
        using var services = NodePack.CreateServices(Layout(folder), Previews(PreviewMethod.Taesd));
        using var latent = Tensor.Zeros([1, 4, 8, 8]);
        List<string> warnings = [];

        for (var step = 0; step < 3; step++)
        {
            var preview = services.Get<SamplingPreviews>().Render(LatentFormat.Sd15, latent, warnings.Add);
            Assert.InRange(Decode(preview!.Bytes).Data[0], 125, 129);
        }

        Assert.Contains("decodes latents of 16 channels, expected 4", Assert.Single(warnings));
    }

    [Fact]
    public void Render_LatentThatDoesNotFitTheFamily_WarnsOnceAndGivesNothing()
    {
        using var folder = new TemporaryFolder();
        using var services = NodePack.CreateServices(Layout(folder), Previews(PreviewMethod.Auto));
        using var latent = Tensor.Zeros([1, 5, 8, 8]);
        List<string> warnings = [];

        Assert.Null(services.Get<SamplingPreviews>().Render(LatentFormat.Sd15, latent, warnings.Add));
        Assert.Null(services.Get<SamplingPreviews>().Render(LatentFormat.Sd15, latent, warnings.Add));

        Assert.Single(warnings);
    }

    [GoldenFact]
    public async Task Render_RecordedRun_ShowsComfyUisPictures()
    {
        using var folder = new TemporaryFolder();
        var layout = Layout(folder) with { Models = Golden.PathOf("models"), Tokenizers = Golden.PathOf("tokenizers") };
        using var services = NodePack.CreateServices(layout, Previews(PreviewMethod.LatentToRgb));
        var catalogue = NodePack.CreateCatalogue();
        using var executor = new PromptExecutor(
            catalogue,
            new ExecutorOptions
            {
                Services = services,
                Lifetime = new TensorLifetime(),
                Scope = new TensorNodeScope(),
            }
        );
        var golden = JObject.Parse(await File.ReadAllTextAsync(Golden.PathOf("public/http/ws_previews_old.json")));
        var validation = await new PromptValidator(catalogue, services).ValidateAsync(
            golden["request_json"]!.ToString()
        );
        var events = new Recorder();

        await executor.RunAsync(RunRequest.From(validation, "previews"), events);

        Assert.Equal(3, events.Previews.Count);
        for (var step = 0; step < 3; step++)
        {
            var frame = await File.ReadAllBytesAsync(Golden.PathOf($"public/http/ws_previews_old_frame{step}.bin"));
            var (expected, actual) = (Decode(frame[8..]), Decode(events.Previews[step]));
            Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
            Assert.InRange(
                expected.Data.Zip(actual.Data, (left, right) => Math.Abs(left - right)).Average(),
                0,
                MeanDifference
            );
        }
    }

    private static void Unexpected(string warning) => Assert.Fail(warning);

    /// <summary>A tiny decoder that paints everything a quarter grey, in taesd's keys.</summary>
    private static void SaveGreyDecoder(TemporaryFolder folder, int channels)
    {
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor>();
        AddLayer("1", 64, channels);
        AddLayer("19", 3, 64);
        foreach (var block in new[] { 3, 4, 5, 8, 9, 10, 13, 14, 15, 18 })
        {
            AddLayer($"{block}.conv.0", 64, 64);
            AddLayer($"{block}.conv.2", 64, 64);
            AddLayer($"{block}.conv.4", 64, 64);
        }
        foreach (var upsampling in new[] { 7, 12, 17 })
        {
            tensors[$"{upsampling}.weight"] = Tensor.Zeros([64, 64, 3, 3]);
        }
        tensors["19.bias"] = Tensor.Full([3], 0.25);
        Directory.CreateDirectory(folder.File("vae_approx"));
        SafetensorsWriter.Save(folder.File("vae_approx/taesd_decoder.safetensors"), tensors);

        void AddLayer(string name, long outputs, long inputs)
        {
            tensors[$"{name}.weight"] = Tensor.Zeros([outputs, inputs, 3, 3]);
            tensors[$"{name}.bias"] = Tensor.Zeros([outputs]);
        }
    }

    /// <summary>The same, pickled: every weight looks into one storage of zeros.</summary>
    private static void SavePickledGreyDecoder(TemporaryFolder folder, string name, int channels)
    {
        const int LargestWeight = 64 * 64 * 9;
        var pickle = new PickleWriter().Op("}");
        Add("1", 64, channels, hasBias: true);
        foreach (var block in new[] { 3, 4, 5, 8, 9, 10, 13, 14, 15, 18 })
        {
            Add($"{block}.conv.0", 64, 64, hasBias: true);
            Add($"{block}.conv.2", 64, 64, hasBias: true);
            Add($"{block}.conv.4", 64, 64, hasBias: true);
        }
        foreach (var upsampling in new[] { 7, 12, 17 })
        {
            Add($"{upsampling}", 64, 64, hasBias: false);
        }
        Add("19", 3, 64, hasBias: false);
        pickle.Text("19.bias").Tensor("FloatStorage", "grey", 3, 0, [3], [1], legacy: false).Op("s");
        float[] grey = [0.25f, 0.25f, 0.25f];
        Directory.CreateDirectory(folder.File("vae_approx"));
        File.WriteAllBytes(
            folder.File($"vae_approx/{name}.pth"),
            PickleWriter.Zip(
                pickle.Stop(),
                ("zeros", new byte[LargestWeight * sizeof(float)]),
                ("grey", MemoryMarshal.AsBytes(grey.AsSpan()).ToArray())
            )
        );

        void Add(string layer, int outputs, int inputs, bool hasBias)
        {
            int[] shape = [outputs, inputs, 3, 3];
            int[] strides = [inputs * 9, 9, 3, 1];
            pickle.Text($"{layer}.weight");
            pickle.Tensor("FloatStorage", "zeros", LargestWeight, 0, shape, strides, legacy: false).Op("s");
            if (hasBias)
            {
                pickle.Text($"{layer}.bias");
                pickle.Tensor("FloatStorage", "zeros", LargestWeight, 0, [outputs], [1], legacy: false).Op("s");
            }
        }
    }

    private static NodePackOptions Previews(PreviewMethod method, int size = PreviewEncoder.DefaultLongerSide) =>
        new()
        {
            Previews = new PreviewOptions { Method = method, Size = size },
        };

    private static FolderLayout Layout(TemporaryFolder folder) =>
        new()
        {
            Models = folder.Path,
            Input = folder.Path,
            Output = folder.Path,
            Temp = folder.Path,
        };

    private static PixelBuffer Decode(byte[] jpeg) => ImageDecoder.Decode(jpeg, "preview").Frames[0].ToChannels(3);

    private sealed class Recorder : IExecutionEvents
    {
        public List<byte[]> Previews { get; } = [];

        public void Publish(ExecutionEvent happened)
        {
            if (happened is NodePreviewed preview)
            {
                Previews.Add(preview.Preview.Bytes);
            }
        }
    }
}
