using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Models;

/// <summary>Models on a device other than the CPU: where weights and results are, and that the results are the CPU's.</summary>
[AssertNoLeakedTensors]
public sealed class DeviceTests
{
    private static readonly string Checkpoint = Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors");
    private static readonly string Flux = Repository.Model("diffusion_models/nodehost-tiny-flux-dev.safetensors");

    [Fact]
    public void Run_OnAnotherDevice_GivesTheCpusBits()
    {
        using var here = Open(Device.Cpu);
        using var there = Open(TwinDevice.Device);

        Assert.Equal(Encode(here), Encode(there));
        Assert.Equal(Predict(here.LoadCheckpoint(Checkpoint).Model), Predict(there.LoadCheckpoint(Checkpoint).Model));
        Assert.Equal(Decode(here), Decode(there));
        // Flux has operators of its own on the CPU, which round a little otherwise than the plain ones of other devices.
        var (expected, actual) = (Predict(here.LoadDiffusionModel(Flux)), Predict(there.LoadDiffusionModel(Flux)));
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Load_OnAnotherDevice_PutsEveryWeightThere()
    {
        var before = TwinDevice.LiveBytes;
        using (var store = Open(TwinDevice.Device))
        {
            Encode(store);
            Predict(store.LoadCheckpoint(Checkpoint).Model);
            Decode(store);

            Assert.Equal(store.ResidentBytes, TwinDevice.LiveBytes - before);
            Assert.True(store.ResidentBytes > 0);
        }
        Assert.Equal(before, TwinDevice.LiveBytes);
    }

    [Fact]
    public void Results_OfTextEncoderAndAutoencoder_AreInHostMemory()
    {
        using var scope = new TensorScope();
        using var store = Open(TwinDevice.Device);
        var loaded = store.LoadCheckpoint(Checkpoint);

        var text = loaded.Clip!.Encode("a (blue:0.7) circle");
        var pixels = loaded.Vae!.Decode(Tensor.Zeros([1, 4, 8, 8]));
        Tensor[] results = [text.Cond, text.Pooled!, pixels, loaded.Vae.Encode(pixels)];

        Assert.All(results, result => Assert.Equal((Device.Cpu, DType.Float32), (result.Device, result.DType)));
    }

    [Fact]
    public void Load_ModelBesideTextEncoderOverBudget_TextEncoderLeavesTheDevice()
    {
        var before = TwinDevice.LiveBytes;
        var (encoder, network) = Sizes();
        var budget = Math.Max(encoder, network) + 1;
        using var store = Open(TwinDevice.Device, budget);
        Encode(store);
        Assert.Equal(encoder, TwinDevice.LiveBytes - before);

        Predict(store.LoadCheckpoint(Checkpoint).Model);

        Assert.InRange(TwinDevice.LiveBytes - before, network, budget);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.6)]
    public void Run_BudgetBelowTheModel_StreamsToTheDeviceWithTheSameBits(double share)
    {
        var before = TwinDevice.LiveBytes;
        var (_, network) = Sizes();
        using var whole = Open(TwinDevice.Device);
        var expected = Predict(whole.LoadCheckpoint(Checkpoint).Model);
        whole.Unload();
        Assert.Equal(before, TwinDevice.LiveBytes);
        using var store = Open(TwinDevice.Device, (long)(network * share));

        Assert.Equal(expected, Predict(store.LoadCheckpoint(Checkpoint).Model));
        Assert.InRange(TwinDevice.LiveBytes - before, 0, (long)(network * share));
    }

    [Fact]
    public void LoadClip_OnTheCpu_LeavesTheDeviceEmpty()
    {
        using var scope = new TensorScope();
        var before = TwinDevice.LiveBytes;
        using var store = Open(TwinDevice.Device);
        var clip = store.LoadClip([Repository.Model("text_encoders/nodehost-tiny-clip_l.safetensors")], onCpu: true);

        TwinDevice.ResetPeak();
        clip.Encode("a prompt");

        Assert.Equal(before, TwinDevice.PeakBytes);
    }

    [Theory]
    [InlineData("8.0", DType.BFloat16, DType.Float16, DType.BFloat16)]
    [InlineData("7.5", DType.Float16, DType.Float16, DType.Float32)]
    public void ComputeType_OnAGpu_IsTheHalfPrecisionItIsFastIn(string capability, DType flux, DType sd15, DType vae)
    {
        var gpu = new GpuInfo("a GPU", Version.Parse(capability), 100, 1500);
        var places = new ComputePlaces(Device.Cuda(1), gpu, wanted: null);

        Assert.Equal(new ComputePlace(Device.Cuda(1), flux), places.For(Part<DiffusionPart>(Flux)));
        Assert.Equal(sd15, places.For(Part<DiffusionPart>(Checkpoint)).DType);
        Assert.Equal(vae, places.For(Part<AutoencoderPart>(Checkpoint)).DType);
        Assert.Equal(DType.Float32, places.For(Part<TextEncoderPart>(Checkpoint)).DType);
    }

    [Fact]
    public void ComputeType_ElsewhereOrWished_IsFloat32OrTheWish()
    {
        var part = Part<DiffusionPart>(Flux);
        Assert.Equal(ComputePlace.Cpu, new ComputePlaces(Device.Cpu, gpu: null, wanted: null).For(part));
        Assert.Equal(DType.BFloat16, new ComputePlaces(Device.Cpu, gpu: null, DType.BFloat16).For(part).DType);
        var encoder = Part<TextEncoderPart>(Checkpoint);
        Assert.Equal(DType.Float32, new ComputePlaces(Device.Cpu, gpu: null, DType.BFloat16).For(encoder).DType);
    }

    [Fact]
    public void Predict_InBFloat16_IsCloseToFloat32AndHalfTheSize()
    {
        using var exact = Open(TwinDevice.Device);
        using var half = Open(TwinDevice.Device, type: DType.BFloat16);
        foreach (
            var load in (Func<ModelStore, DiffusionModel>[])
                [store => store.LoadDiffusionModel(Flux), store => store.LoadCheckpoint(Checkpoint).Model]
        )
        {
            exact.Unload();
            half.Unload();
            var (expected, actual) = (Predict(load(exact)), Predict(load(half)));

            var deviation = Math.Sqrt(expected.Average(value => value * value));
            var error = Math.Sqrt(expected.Zip(actual, (a, b) => (a - b) * (a - b)).Average());
            Assert.InRange(error / deviation, 1e-4, 0.03);
            Assert.Equal(exact.ResidentBytes, 2 * half.ResidentBytes);
        }
    }

    [Theory]
    [InlineData(80L << 30, 70L << 30)]
    [InlineData(8L << 30, 6L << 30)]
    [InlineData(1L << 30, 0)]
    public void Budget_OfAGpu_LeavesRoomForAStep(long free, long expected) =>
        Assert.Equal(expected, WeightBudget.Of(free));

    private static TPart Part<TPart>(string path)
        where TPart : ModelPart
    {
        using var source = WeightFiles.Open(path);
        return ModelFamilies.Recognise(source).OfType<TPart>().First();
    }

    private static (long Encoder, long Network) Sizes()
    {
        using var store = Open(TwinDevice.Device);
        Encode(store);
        var encoder = store.ResidentBytes;
        Predict(store.LoadCheckpoint(Checkpoint).Model);
        return (encoder, store.ResidentBytes - encoder);
    }

    private static ModelStore Open(Device device, long? budget = null, DType? type = null) =>
        new(
            new ModelStoreOptions
            {
                Tokenizers = new TokenizerLocator([Repository.Model("tokenizers")]),
                Device = device,
                ComputeType = type,
                BudgetBytes = budget,
            }
        );

    private static float[] Encode(ModelStore store)
    {
        using var scope = new TensorScope();
        return store.LoadCheckpoint(Checkpoint).Clip!.Encode("a red (square:1.2)").Cond.ToArray<float>();
    }

    private static float[] Decode(ModelStore store)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(5);
        var vae = store.LoadCheckpoint(Checkpoint).Vae!;
        return vae.Decode(Tensor.Randn([1, 4, 8, 8], generator)).ToArray<float>();
    }

    private static float[] Predict(DiffusionModel model)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(3);
        var network = model.Source.Load([]);
        Tensor Random(params long[] shape) => network.Place.Take(Tensor.Randn(shape, generator));
        var widths = model.LatentFormat.Channels == 4 ? (Context: 16, Pooled: 0) : (Context: 64, Pooled: 32);
        return network
            .Forward(
                Random(1, model.LatentFormat.Channels, 16, 16),
                Tensor.Full([1], 0.5).To(network.Device),
                new NetworkInput
                {
                    Context = Random(1, 7, widths.Context),
                    Pooled = widths.Pooled == 0 ? null : Random(1, widths.Pooled),
                    // A guidance whose thousandfold bfloat16 has too: the embedding takes it, in ComfyUI as here.
                    Guidance = network.Place.Take(Tensor.Full([1], 4.0)),
                    ReferenceLatents = widths.Pooled == 0 ? [] : [Random(1, 16, 10, 8)],
                }
            )
            .ToArray<float>();
    }
}
