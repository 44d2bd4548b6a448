using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.FluxSpace;
using NodeHost.Nodes.Loaders;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Loaders;

/// <summary>Adapter files other than plain LoRA, through the loaders.</summary>
[AssertNoLeakedTensors]
public sealed class LoraKindsTests : IDisposable
{
    private const string Checkpoint = "nodehost-tiny-sd15.safetensors";
    private const string Module = "lora_unet_mid_block_attentions_0_proj_in";

    private readonly TemporaryFolder _folder = new();

    public LoraKindsTests() => Directory.CreateDirectory(_folder.File("loras"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("LoKr")]
    [InlineData("LoHa")]
    [InlineData("DoRA")]
    public void LoraLoader_EveryKind_ChangesWhatTheModelPredicts(string kind)
    {
        using var scope = new TensorScope();
        using var services = Services();
        Save(kind);
        var model = Load(services);

        var changed = new LoraLoaderModelOnly
        {
            Model = model,
            LoraName = "mine.safetensors",
            StrengthModel = 1,
        }.Execute(new NodeContext(services));

        Assert.Contains(Predict(model).Zip(Predict(changed)), pair => Math.Abs(pair.First - pair.Second) > 1e-4);
    }

    [Theory]
    [InlineData("LoKr")]
    [InlineData("LoHa")]
    public void LoraLoaderStepGated_KindsThatStandBesideALayer_AreTaken(string kind)
    {
        using var scope = new TensorScope();
        using var services = Services();
        Save(kind);

        var model = Gate(services).Execute(new NodeContext(services));

        Assert.Null(Assert.Single(model.GatedLoras).File.MergedOnly);
    }

    [Fact]
    public void LoraLoaderStepGated_Dora_IsRefusedWithTheModuleAndTheNodeThatTakesIt()
    {
        using var scope = new TensorScope();
        using var services = Services();
        Save("DoRA");

        var error = Assert.Throws<LoraException>(() => Gate(services).Execute(new NodeContext(services)));

        Assert.Contains($"'{Module}' (difference with DoRA)", error.Message, StringComparison.Ordinal);
        Assert.Contains("LoraLoader", error.Message, StringComparison.Ordinal);
    }

    private static LoraLoaderStepGated Gate(NodePackServices services) =>
        new()
        {
            Model = Load(services),
            LoraName = "mine.safetensors",
            EndPercent = 0.5,
        };

    /// <summary>An update of a layer whose rows and columns are as many.</summary>
    private void Save(string kind)
    {
        using var file = SafetensorsFile.Open(Repository.Model($"checkpoints/{Checkpoint}"));
        var width = file.Load("model.diffusion_model.middle_block.1.proj_in.weight").Length(0);
        using var generator = new Generator(5);
        Tensor Random(params long[] shape) => Tensor.Randn(shape, generator);
        Dictionary<string, Tensor> tensors = kind switch
        {
            "LoKr" => new() { ["lokr_w1"] = Random(2, 2), ["lokr_w2"] = Random(width / 2, width / 2) },
            "LoHa" => new()
            {
                ["hada_w1_a"] = Random(width, 2),
                ["hada_w1_b"] = Random(2, width),
                ["hada_w2_a"] = Random(width, 2),
                ["hada_w2_b"] = Random(2, width),
            },
            _ => new() { ["diff"] = Random(width, width, 1, 1), ["dora_scale"] = Random(1, width, 1, 1) },
        };
        SafetensorsWriter.Save(
            _folder.File("loras/mine.safetensors"),
            tensors.ToDictionary(pair => $"{Module}.{pair.Key}", pair => pair.Value)
        );
    }

    private static float[] Predict(DiffusionModel model)
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        using var generator = new Generator(3);
        var input = new NetworkInput { Context = Tensor.Randn([1, 77, 16], generator) };
        var network = model.Source.Load(model.Patches);
        return network.Forward(Tensor.Randn([1, 4, 8, 8], generator), Tensor.Full([1], 500), input).ToArray<float>();
    }

    private static DiffusionModel Load(NodePackServices services) =>
        new CheckpointLoaderSimple { CheckpointName = Checkpoint }
            .Execute(new NodeContext(services))
            .Model;

    private NodePackServices Services() =>
        NodePack.CreateServices(
            new FolderLayout
            {
                Models = Path.Combine(Repository.Root, "workflows", "models"),
                Input = _folder.Path,
                Output = _folder.Path,
                Temp = _folder.Path,
                ExtraModelFolders = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["loras"] = [_folder.File("loras")],
                },
            }
        );
}
