using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Diffusion.Saving;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Merging;

[AssertNoLeakedTensors]
public sealed class ModelExportTests : IDisposable
{
    private readonly TwoModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public void Checkpoint_Unmerged_HasTheKeysItWasReadFrom()
    {
        using var scope = new TensorScope();
        var (model, clip, vae, _) = _models.First;

        var path = _models.Save("copy", ModelExport.Checkpoint(model, clip, vae));

        using var original = SafetensorsFile.Open(_models.PathOf("first"));
        using var copy = SafetensorsFile.Open(path);
        Assert.Equal(original.Entries.Keys.Order(), copy.Entries.Keys.Order());
        Assert.All(original.Entries.Values, entry => Assert.Equal(entry.Shape, copy.Entries[entry.Key].Shape));
        Assert.All(
            original.Entries.Keys.Where(key => !key.StartsWith("conditioner", StringComparison.Ordinal)),
            key => Assert.True(original.Load(key).IsEqualTo(copy.Load(key)), key)
        );
        // Text encoders are computed with in half precision.
        Assert.All(
            original.Entries.Keys.Where(key => key.StartsWith("conditioner", StringComparison.Ordinal)),
            key => Assert.True(original.Load(key).To(DType.Float16).IsEqualTo(copy.Load(key)), key)
        );
    }

    [Fact]
    public void Checkpoint_MergedAndReadAgain_IsTheSameModelBitForBit()
    {
        using var models = new TwoModels();
        using var scope = new TensorScope();
        var model = ModelMerge.Mix(models.First.Model, models.Second.Model, 0.3);
        var clip = ModelMerge.Mix(models.First.Clip!, models.Second.Clip!, 0.3);

        var path = models.Save("merged", ModelExport.Checkpoint(model, clip, models.First.Vae));
        var loaded = models.Store.LoadCheckpoint(path);

        Assert.Null(loaded.Warning);
        AssertSame(TwoModels.WeightsOf(model), TwoModels.WeightsOf(loaded.Model));
        AssertSame(TwoModels.WeightsOf(clip), TwoModels.WeightsOf(loaded.Clip!));
        var (expected, actual) = (clip.Encode("a fox"), loaded.Clip!.Encode("a fox"));
        Assert.True(expected.Cond.IsEqualTo(actual.Cond));
        Assert.True(expected.Pooled!.IsEqualTo(actual.Pooled!));
        using var generator = new Generator(1);
        var latent = Tensor.Randn([1, 4, 4, 4], generator);
        Assert.True(models.First.Vae!.Decode(latent).IsEqualTo(loaded.Vae!.Decode(latent)));
    }

    [Theory]
    [InlineData]
    [InlineData("v_pred")]
    [InlineData("v_pred", "ztsnr")]
    public void Checkpoint_WhatTheNetworkPredicts_IsKept(params string[] marks)
    {
        using var scope = new TensorScope();
        var model = _models.Store.LoadCheckpoint(_models.Write("marked", 3, DType.Float16, marks)).Model;

        var weights = ModelExport.Checkpoint(model, null, null);
        var loaded = _models.Store.LoadDiffusionModel(_models.Save("copy", weights));

        Assert.Equal(
            marks,
            weights.Select(weight => weight.Key).Where(key => !key.StartsWith(TwoModels.Unet, StringComparison.Ordinal))
        );
        Assert.Equal(marks.Length > 0, loaded.Sampling.Prediction is VelocityPrediction);
        Assert.Equal(marks.Length > 1, ((DiscreteModelSampling)loaded.Sampling).HasZeroTerminalSnr);
    }

    [Theory]
    [InlineData("checkpoints/nodehost-tiny-sd15.safetensors")]
    [InlineData("checkpoints/nodehost-tiny-sdxl-base.safetensors")]
    [InlineData("checkpoints/nodehost-tiny-sdxl-refiner.safetensors")]
    public void Checkpoint_EveryFamily_IsReadAgainAsItself(string name)
    {
        using var scope = new TensorScope();
        var (model, clip, vae, _) = _models.Store.LoadCheckpoint(Repository.Model(name));

        var loaded = _models.Store.LoadCheckpoint(_models.Save("copy", ModelExport.Checkpoint(model, clip, vae)));

        Assert.Null(loaded.Warning);
        Assert.Equal($"{model.Source.Parts[0]}", $"{loaded.Model.Source.Parts[0]}");
        AssertSame(TwoModels.WeightsOf(model), TwoModels.WeightsOf(loaded.Model));
        AssertSame(TwoModels.WeightsOf(clip!), TwoModels.WeightsOf(loaded.Clip!));
        Assert.Equal(vae is null, loaded.Vae is null);
    }

    [Fact]
    public void Checkpoint_FluxOfSeveralFiles_IsReadAgainAsOne()
    {
        using var scope = new TensorScope();
        var store = _models.Store;
        var model = store.LoadDiffusionModel(Repository.Model("diffusion_models/nodehost-tiny-flux-dev.safetensors"));
        var clip = store.LoadClip(
            Repository.Model("text_encoders/nodehost-tiny-clip_l.safetensors"),
            Repository.Model("text_encoders/nodehost-tiny-t5xxl.safetensors")
        );
        var vae = store.LoadVae(Repository.Model("vae/nodehost-tiny-flux-ae.safetensors"));

        LoadedCheckpoint loaded = store.LoadCheckpoint(_models.Save("flux", ModelExport.Checkpoint(model, clip, vae)));

        Assert.Null(loaded.Warning);
        AssertSame(TwoModels.WeightsOf(model), TwoModels.WeightsOf(loaded.Model));
        AssertSame(TwoModels.WeightsOf(clip), TwoModels.WeightsOf(loaded.Clip!));
        Assert.Equal(16, loaded.Vae!.LatentChannels);
    }

    private static void AssertSame(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, weight => Assert.True(weight.Value.IsEqualTo(actual[weight.Key]), weight.Key));
    }
}
