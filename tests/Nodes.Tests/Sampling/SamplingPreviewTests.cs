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
