using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;
using NodeHost.Images;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Sampling;
using NodeHost.Tensors;
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

        Assert.Null(services.Get<SamplingPreviews>().Render(LatentFormat.Sd15, latent));
    }

    [Fact]
    public void Render_WideLatentWithoutTinyDecoder_GivesJpegOfTheWantedSize()
    {
        using var folder = new TemporaryFolder();
        using var services = NodePack.CreateServices(Layout(folder), Previews(PreviewMethod.Auto, size: 128));
        using var latent = Tensor.Zeros([2, 16, 8, 16]);

        var preview = services.Get<SamplingPreviews>().Render(LatentFormat.Flux, latent);

        Assert.NotNull(preview);
        Assert.Equal("image/jpeg", preview.ImageType);
        var picture = Decode(preview.Bytes);
        Assert.Equal((128, 64), (picture.Width, picture.Height));
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
