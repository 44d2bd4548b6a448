using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Diffusion.FluxSpace;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.Lora;

[AssertNoLeakedTensors]
public sealed class GatedLoraTests : IDisposable
{
    private const int Rank = 3;

    private readonly TinyFlux _flux = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _flux.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Gate_StrengthZeroOrEmptyWindow_ChangesNoBit()
    {
        var plain = _flux.Sample(_flux.Model);

        Assert.Equal(plain, _flux.Sample(Gated(0, new GatedWindow(0, 1))));
        Assert.Equal(plain, _flux.Sample(Gated(0.9, new GatedWindow(0.5, 0.5))));
        Assert.NotEqual(plain, _flux.Sample(Gated(0.9, new GatedWindow(0, 1))));
    }

    [Fact]
    public void Gate_ComplementaryWindows_AreTheFullOneBitForBit()
    {
        var lora = Save();
        DiffusionModel With(params GatedWindow[] windows) =>
            _flux.Model with
            {
                GatedLoras = [.. windows.Select(window => new GatedLora(lora, 0.9, new LoraGate(window)))],
            };

        Assert.Equal(
            _flux.Sample(With(new GatedWindow(0, 1)), 8),
            _flux.Sample(With(new GatedWindow(0, 0.5), new GatedWindow(0.5, 1)), 8)
        );
    }

    [Fact]
    public void Gate_WholeRun_EqualsTheMergedLora()
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        using var source = RandomWeights.Lively(FluxWeights.Shapes(Config));
        var target = new WeightTarget(ModelRole.Diffusion, "Flux", source.Entries);
        var lora = Save();
        using var merged = new WeightSet(source, patcher: lora.For(target, 0.9));
        using var plain = new WeightSet(source);
        using var adapter = new UnmergedAdapter(lora, target, null, Device.Cpu);
        using var generator = new Generator(3);
        var input = new NetworkInput
        {
            Context = Tensor.Randn([2, 5, Config.ContextWidth], generator),
            Pooled = Tensor.Randn([2, Config.VectorWidth], generator),
            Guidance = Tensor.Full([2], 3.5),
        };
        var (x, time) = (Tensor.Randn([2, 16, 4, 6], generator), Tensor.Full([2], 0.5));

        var expected = new FluxModel(merged.Root, Config).Forward(x, time, input).ToArray<float>();
        var network = new FluxModel(plain.Root, Config);
        var without = network.Forward(x, time, input).ToArray<float>();
        using (new LayerUpdates([(adapter, 0.9)]).Activate())
        {
            var actual = network.Forward(x, time, input).ToArray<float>();
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.Contains(without.Zip(actual), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
        }
        Assert.Equal(without, network.Forward(x, time, input).ToArray<float>());
    }

    [Fact]
    public void Gate_AfterSampling_LeavesTheWeightsAsTheyWere()
    {
        var before = _flux.Tensors.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray<float>());
        _flux.Sample(Gated(0.9, new GatedWindow(0, 0.5)));

        Assert.All(before, pair => Assert.Equal(pair.Value, _flux.Tensors[pair.Key].ToArray<float>()));
    }

    [Fact]
    public void Gate_States_AreReportedWithEveryForward()
    {
        _flux.Sample(Gated(0.9, new GatedWindow(0, 0.75)), 20);

        Assert.Equal(15, _flux.Forwards.Count(forward => forward.Gates[0]));
    }

    [Fact]
    public void Gate_AndEdit_CommuteAndTheGateAppliesInEditPasses()
    {
        var editor = new FluxSpaceEditor { Name = "Edit", Slots = [TinyFlux.Slot(_flux.A, _flux.B, 0.5)] };
        var gated = Gated(0.9, new GatedWindow(0, 0.5));
        var after = editor.ApplyTo(gated);
        var before = editor.ApplyTo(_flux.Model) with { GatedLoras = gated.GatedLoras };

        Assert.Equal(_flux.Sample(after), _flux.Sample(before));
        Assert.Contains(_flux.Forwards, forward => forward.Mode == "capture 1a" && forward.Gates[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gate_OpenInEditPasses_LetsAnEditTowardsTheBaseChangeNoBit(double cfg)
    {
        // Were the gate shut in the prompt's pass or in the steered one, they would not give the same attention.
        var gated = Gated(0.9, new GatedWindow(0, 1));
        var editor = new FluxSpaceEditor { Name = "Edit", Slots = [TinyFlux.Slot(_flux.Base, _flux.B, 1, 0)] };

        Assert.Equal(_flux.Sample(gated, cfg: cfg), _flux.Sample(editor.ApplyTo(gated), cfg: cfg));
    }

    [Fact]
    public void Gate_StrengthsOfOverlappingWindows_AddUpBitForBit()
    {
        var lora = Save();
        float[] Run(string windows) =>
            _flux.Sample(_flux.Model with { GatedLoras = [new GatedLora(lora, 0.8, LoraGate.Parse(windows))] }, 8);

        Assert.Equal(Run("0-1"), Run("0-1=0.5, 0-1=0.5"));
        Assert.Equal(Run("0-1"), Run("0-0.3, 0.3-0.8, 0.8-1"));
        Assert.Equal(_flux.Sample(_flux.Model, 8), Run("0-1, 0-1=-1"));
        Assert.NotEqual(Run("0-1"), Run("0-1=-1"));
    }

    [Fact]
    public void Blocks_WithFactorZero_AreLeftOut()
    {
        var lora = Save();
        DiffusionModel With(string? blocks) =>
            _flux.Model with
            {
                GatedLoras =
                [
                    new GatedLora(lora, 0.9, new LoraGate(new GatedWindow(0, 1)))
                    {
                        Blocks = blocks is null ? null : BlockStrengths.Parse(blocks),
                    },
                ],
            };

        var plain = _flux.Sample(_flux.Model);
        Assert.Equal(plain, _flux.Sample(With("single=0, double=0")));
        Assert.NotEqual(_flux.Sample(With(null)), _flux.Sample(With("single_1=0")));
        Assert.Equal(_flux.Sample(With(null)), _flux.Sample(With("single_1=0, single_1=1")));
    }

    [Fact]
    public void Hooks_OnBothPrompts_EqualTheGateAndRunTogether()
    {
        var lora = Save();
        var hook = new WeightHook(lora, 0.9, 0) { Keyframes = HookKeyframes.None.Add(new(1, 0)).Add(new(0, 0.5)) };
        var hooked = _flux.Base.Select(entry => entry with { Hooks = new HookGroup([hook]) });

        Assert.Equal(
            _flux.Sample(Gated(0.9, new GatedWindow(0, 0.5)), 8),
            _flux.Sample(_flux.Model, 8, positive: hooked)
        );
        _flux.Sample(_flux.Model, 4, cfg: 3, positive: hooked);
        // The negative prompt has no hooks, so both run apart.
        Assert.Equal(8, _flux.Forwards.Count);
    }

    private static readonly FluxConfig Config = TinyFlux.Config;

    private DiffusionModel Gated(double strength, GatedWindow window) =>
        _flux.Model with
        {
            GatedLoras = [new GatedLora(Save(), strength, new LoraGate(window))],
        };

    /// <summary>Fused q, k, v as one, their parts as diffusers names them, and plain layers.</summary>
    private LoraFile Save()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(11);
        var tensors = new Dictionary<string, Tensor>();
        Add("transformer.transformer_blocks.0.attn.to_k", 96, 96);
        Add("transformer.transformer_blocks.1.attn.add_q_proj", 96, 96);
        Add("transformer.transformer_blocks.1.ff.net.2", 96, 384);
        Add("transformer.single_transformer_blocks.1.proj_mlp", 384, 96);
        Add("transformer.single_transformer_blocks.1.attn.to_v", 96, 96);
        Add("transformer.single_transformer_blocks.2.proj_out", 96, 96 + 384);
        tensors["transformer.transformer_blocks.0.attn.to_k.alpha"] = Tensor.FromScalar(6);
        var path = _folder.File($"{Guid.NewGuid():N}.safetensors");
        SafetensorsWriter.Save(path, tensors);
        return LoraFile.Open(path);

        void Add(string name, long rows, long columns)
        {
            tensors[$"{name}.lora_B.weight"] = Tensor.Randn([rows, Rank], generator) * 0.3;
            tensors[$"{name}.lora_A.weight"] = Tensor.Randn([Rank, columns], generator) * 0.3;
        }
    }
}
