using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.AttentionMultiply;
using NodeHost.Nodes.Caching;
using NodeHost.Nodes.Guidance;
using NodeHost.Nodes.UNetPatches;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Models;

/// <summary>Every node that changes a model samples with it: the picture changes, and neutral settings change no bit.</summary>
[AssertNoLeakedTensors]
public sealed class ModelNodeTests
{
    private static readonly NodeContext Context = new();

    /// <summary>Nodes that work on a UNet and on Flux, with settings that change the picture.</summary>
    private static readonly Dictionary<string, Func<DiffusionModel, INode<DiffusionModel>>> OnBoth = new()
    {
        ["CFGZeroStar"] = model => new CfgZeroStar { Model = model },
        ["CFGNorm"] = model => new CfgNorm { Model = model },
        ["APG"] = model => new AdaptiveProjectedGuidance
        {
            Model = model,
            Eta = 0.5,
            Momentum = -0.5,
        },
        ["TCFG"] = model => new TangentialDampingCfg { Model = model },
        ["Mahiro"] = model => new Mahiro { Model = model },
        ["FreSca"] = model => new FreSca { Model = model, FreqCutoff = 3 },
        ["Epsilon Scaling"] = model => new EpsilonScalingNode { Model = model },
        ["RenormCFG"] = model => new RenormCfg { Model = model },
        ["PerpNeg"] = model => new PerpNeg { Model = model, EmptyConditioning = TinyModels.Prompt(model, 3) },
        ["EasyCache"] = model => new EasyCache
        {
            Model = model,
            ReuseThreshold = 3,
            StartPercent = 0,
        },
        ["LazyCache"] = model => new LazyCache
        {
            Model = model,
            ReuseThreshold = 3,
            StartPercent = 0,
        },
    };

    private static readonly Dictionary<string, Func<DiffusionModel, INode<DiffusionModel>>> OnUNet = new()
    {
        ["HyperTile"] = model => new HyperTile
        {
            Model = model,
            TileSize = 64,
            MaxDepth = 1,
        },
        ["TomePatchModel"] = model => new TomePatchModel { Model = model },
        ["PatchModelAddDownscale"] = model => new PatchModelAddDownscale { Model = model },
        ["SelfAttentionGuidance"] = model => new SelfAttentionGuidanceNode { Model = model },
        ["UNetSelfAttentionMultiply"] = model => new UNetSelfAttentionMultiply { Model = model, Q = 0.5 },
        ["UNetCrossAttentionMultiply"] = model => new UNetCrossAttentionMultiply { Model = model, Out = 1.5 },
        ["UNetTemporalAttentionMultiply"] = model => new UNetTemporalAttentionMultiply
        {
            Model = model,
            CrossStructural = 1.5,
        },
    };

    private static readonly Dictionary<string, Func<DiffusionModel, INode<DiffusionModel>>> OnFlux = new()
    {
        ["SkipLayerGuidanceDiT"] = model => new SkipLayerGuidanceDit
        {
            Model = model,
            DoubleLayers = "0",
            SingleLayers = "1",
            StartPercent = 0,
            EndPercent = 1,
        },
        ["SkipLayerGuidanceDiT rescaled"] = model => new SkipLayerGuidanceDit
        {
            Model = model,
            DoubleLayers = "",
            SingleLayers = "1",
            StartPercent = 0,
            EndPercent = 1,
            RescalingScale = 0.5,
        },
        ["SkipLayerGuidanceDiTSimple"] = model => new SkipLayerGuidanceDitSimple
        {
            Model = model,
            DoubleLayers = "0",
            SingleLayers = "",
        },
        ["SkipLayerGuidanceSD3"] = model => new SkipLayerGuidanceSd3
        {
            Model = model,
            Layers = "0",
            StartPercent = 0,
            EndPercent = 1,
        },
    };

    private static readonly Dictionary<string, Func<DiffusionModel, INode<DiffusionModel>>> Neutral = new()
    {
        ["APG"] = model => new AdaptiveProjectedGuidance { Model = model, NormThreshold = 0 },
        ["FreSca"] = model => new FreSca { Model = model, ScaleHigh = 1 },
        ["Epsilon Scaling"] = model => new EpsilonScalingNode { Model = model, ScalingFactor = 1 },
        ["RenormCFG"] = model => new RenormCfg { Model = model, Renorm = 0 },
        ["EasyCache"] = model => new EasyCache { Model = model, ReuseThreshold = 0 },
        ["LazyCache"] = model => new LazyCache { Model = model, ReuseThreshold = 0 },
        ["HyperTile"] = model => new HyperTile { Model = model, TileSize = 2048 },
        ["TomePatchModel"] = model => new TomePatchModel { Model = model, Ratio = 0 },
        ["PatchModelAddDownscale"] = model => new PatchModelAddDownscale { Model = model, DownscaleFactor = 1 },
        ["SelfAttentionGuidance"] = model => new SelfAttentionGuidanceNode { Model = model, Scale = 0 },
        ["UNetSelfAttentionMultiply"] = model => new UNetSelfAttentionMultiply { Model = model },
        ["UNetCrossAttentionMultiply"] = model => new UNetCrossAttentionMultiply { Model = model },
        ["UNetTemporalAttentionMultiply"] = model => new UNetTemporalAttentionMultiply { Model = model },
        ["SkipLayerGuidanceDiT"] = model => new SkipLayerGuidanceDit { Model = model, Scale = 0 },
        ["SkipLayerGuidanceDiTSimple"] = model => new SkipLayerGuidanceDitSimple
        {
            Model = model,
            DoubleLayers = "",
            SingleLayers = "",
        },
        ["SkipLayerGuidanceSD3"] = model => new SkipLayerGuidanceSd3 { Model = model, Layers = "" },
        ["FreeU"] = model => new FreeUNode
        {
            Model = model,
            B1 = 1,
            B2 = 1,
            S1 = 1,
            S2 = 1,
        },
        ["FreeU_V2"] = model => new FreeUVersion2
        {
            Model = model,
            B1 = 1,
            B2 = 1,
            S1 = 1,
            S2 = 1,
        },
    };

    public static TheoryData<string> NamesOnBoth => [.. OnBoth.Keys];

    public static TheoryData<string> NamesOnUNet => [.. OnUNet.Keys];

    public static TheoryData<string> NamesOnFlux => [.. OnFlux.Keys];

    public static TheoryData<string> NamesOnEither => [.. OnBoth.Keys, .. OnUNet.Keys, .. OnFlux.Keys];

    public static TheoryData<string> NamesOfNeutral => [.. Neutral.Keys];

    [Theory]
    [MemberData(nameof(NamesOnBoth))]
    public void Sample_NodeForEveryModel_ChangesThePictureOfBoth(string name)
    {
        using var models = new TinyModels();
        AssertChanges(models, models.StableDiffusion, OnBoth[name]);
        AssertChanges(models, models.Flux, OnBoth[name]);
    }

    [Theory]
    [MemberData(nameof(NamesOnUNet))]
    public void Sample_NodeForUNets_ChangesThePicture(string name)
    {
        using var models = new TinyModels();
        AssertChanges(models, models.StableDiffusion, OnUNet[name]);
    }

    [Theory]
    [MemberData(nameof(NamesOnFlux))]
    public void Sample_NodeForTransformers_ChangesThePicture(string name)
    {
        using var models = new TinyModels();
        AssertChanges(models, models.Flux, OnFlux[name]);
    }

    [Theory]
    [MemberData(nameof(NamesOfNeutral))]
    public void Sample_NeutralSettings_ChangeNoBit(string name)
    {
        using var models = new TinyModels();
        foreach (var model in new[] { models.StableDiffusion, models.Flux })
        {
            var changed = Neutral[name](model).Execute(Context);

            Assert.Equal(models.Sample(model), models.Sample(changed));
        }
    }

    [GoldenFact]
    public void Sample_FreeU_ChangesThePictureWhereLevelsGrow()
    {
        using var models = new TinyModels();
        AssertChanges(models, models.WideStableDiffusion, model => new FreeUNode { Model = model });
        AssertChanges(models, models.WideStableDiffusion, model => new FreeUVersion2 { Model = model });
    }

    [Fact]
    public void Sample_AllNodesTogether_Finish()
    {
        using var models = new TinyModels();
        foreach (
            var (start, nodes) in new[]
            {
                (models.StableDiffusion, OnBoth.Concat(OnUNet)),
                (models.Flux, OnBoth.Concat(OnFlux)),
            }
        )
        {
            var model = nodes.Aggregate(start, (current, node) => node.Value(current).Execute(Context));

            foreach (var sampler in new[] { "euler_ancestral_cfg_pp", "heun", "dpmpp_2m" })
            {
                Assert.All(
                    models.Sample(model, batch: 2, sampler: sampler),
                    value => Assert.True(float.IsFinite(value))
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(NamesOnEither))]
    public void Sample_OnAnotherDevice_GivesTheCpusPicture(string name)
    {
        var isFlux = OnFlux.ContainsKey(name);
        var node = OnBoth.Concat(OnUNet).Concat(OnFlux).Single(pair => pair.Key == name).Value;
        float[] On(Device device)
        {
            using var models = new TinyModels(device);
            return models.Sample(node(isFlux ? models.Flux : models.StableDiffusion).Execute(Context));
        }

        var expected = On(Device.Cpu);
        var tolerance = 1e-4f * expected.Max(Math.Abs);
        Assert.All(expected.Zip(On(TwinDevice.Device)), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sample_Cache_SkipsForwardPasses(bool isLazy)
    {
        using var models = new TinyModels();
        var model = models.Flux;
        var name = isLazy ? "LazyCache" : "EasyCache";

        models.Sample(model, steps: 10);
        var all = models.Forwards.Count;
        models.Sample(OnBoth[name](model).Execute(Context), steps: 10);

        // The first predictions are needed for the rate, and the last part of the run is always computed.
        Assert.Equal(10, all);
        Assert.InRange(models.Forwards.Count, 2, 5);
    }

    [Fact]
    public void Sample_SimpleSkipLayerGuidance_CostsNoFurtherPass()
    {
        using var models = new TinyModels();

        models.Sample(OnFlux["SkipLayerGuidanceDiTSimple"](models.Flux).Execute(Context));
        var simple = models.Forwards.Count;
        models.Sample(OnFlux["SkipLayerGuidanceDiT"](models.Flux).Execute(Context));

        Assert.Equal((4, 8), (simple, models.Forwards.Count));
    }

    [Fact]
    public void Sample_PerpNegGuider_EqualsTheDeprecatedNode()
    {
        using var models = new TinyModels();
        var model = models.StableDiffusion;
        var guider = new PerpNegGuider
        {
            Model = model,
            Positive = TinyModels.Prompt(model, 1),
            Negative = TinyModels.Prompt(model, 2),
            EmptyConditioning = TinyModels.Prompt(model, 3),
            Cfg = 3,
        }.Execute(Context);

        var guided = models.Sample(guider, 4, 1, SamplerCatalogue.Get("euler")).ToArray<float>();
        var batched = models.Forwards.Select(forward => forward.Rows).Distinct().ToArray();
        var patched = models.Sample(OnBoth["PerpNeg"](model).Execute(Context));

        Assert.Equal([3L], batched);
        var tolerance = 1e-5f * guided.Max(Math.Abs);
        Assert.All(guided.Zip(patched), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static void AssertChanges(
        TinyModels models,
        DiffusionModel model,
        Func<DiffusionModel, INode<DiffusionModel>> node
    )
    {
        var plain = models.Sample(model);
        var changed = models.Sample(node(model).Execute(Context));

        Assert.All(changed, value => Assert.True(float.IsFinite(value)));
        Assert.True(plain.Zip(changed).Max(pair => Math.Abs(pair.First - pair.Second)) > 1e-4);
        // And again the same, although chance may play a part.
        Assert.Equal(changed, models.Sample(node(model).Execute(Context)));
    }
}
