using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.ModelMerging;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.ModelMerging;

[AssertNoLeakedTensors]
public sealed class ModelSavingTests : IDisposable
{
    private static readonly JObject Prompt = new() { ["1"] = new JObject { ["class_type"] = "CheckpointSave" } };
    private static readonly JObject Extra = new() { ["workflow"] = new JObject { ["version"] = 0.4 } };

    private readonly TemporaryFolder _folder = new();
    private readonly NodePackServices _services;
    private readonly NodeContext _context;

    public ModelSavingTests()
    {
        _services = NodePack.CreateServices(
            new FolderLayout
            {
                Models = Path.GetDirectoryName(Repository.Model("x"))!,
                Input = _folder.Path,
                Output = _folder.Path,
                Temp = _folder.Path,
            }
        );
        _context = new NodeContext(_services);
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("nodehost-tiny-sdxl-base", "stable-diffusion-xl-v1-base")]
    [InlineData("nodehost-tiny-sdxl-refiner", "stable-diffusion-xl-v1-refiner")]
    [InlineData("nodehost-tiny-sd15", null)]
    public void ModelSave_Metadata_SaysWhatTheModelIs(string name, string? architecture)
    {
        using var scope = new TensorScope();
        var model = Load(name).Model;

        new ModelSave
        {
            Model = model,
            FilenamePrefix = "a/model",
            Prompt = Prompt,
            ExtraPngInfo = Extra,
        }.Execute(_context);

        using var file = SafetensorsFile.Open(PathOf("a/model_00001_.safetensors"));
        Assert.Equal(architecture, file.Metadata.GetValueOrDefault("modelspec.architecture"));
        Assert.Equal(architecture is null ? null : "model 1", file.Metadata.GetValueOrDefault("modelspec.title"));
        Assert.Equal("epsilon", file.Metadata["modelspec.predict_key"]);
        Assert.Equal("""{"1": {"class_type": "CheckpointSave"}}""", file.Metadata["prompt"]);
        Assert.Equal("""{"version": 0.4}""", file.Metadata["workflow"]);
        Assert.All(file.Entries.Keys, key => Assert.StartsWith("model.diffusion_model.", key));
    }

    [Fact]
    public void CheckpointSave_Twice_NumbersTheFiles()
    {
        using var scope = new TensorScope();
        var (model, clip, vae, _) = Load("nodehost-tiny-sdxl-base");
        var node = new CheckpointSave
        {
            Model = model,
            Clip = clip!,
            Vae = vae!,
        };

        node.Execute(_context);
        node.Execute(_context);

        using var original = SafetensorsFile.Open(Repository.Model("checkpoints/nodehost-tiny-sdxl-base.safetensors"));
        using var file = SafetensorsFile.Open(PathOf("checkpoints/ComfyUI_00002_.safetensors"));
        Assert.True(File.Exists(PathOf("checkpoints/ComfyUI_00001_.safetensors")));
        Assert.Equal(original.Entries.Keys.Order(), file.Entries.Keys.Order());
    }

    [Fact]
    public void ClipSave_TwoEncoders_WritesAFileForEach()
    {
        using var scope = new TensorScope();

        new ClipSave { Clip = Load("nodehost-tiny-sdxl-base").Clip! }.Execute(_context);

        using var l = SafetensorsFile.Open(PathOf("clip/ComfyUI_clip_l_00001_.safetensors"));
        using var g = SafetensorsFile.Open(PathOf("clip/ComfyUI_clip_g_00001_.safetensors"));
        Assert.Equal("pt", l.Metadata["format"]);
        Assert.All(l.Entries.Keys, key => Assert.StartsWith("text_model.", key));
        Assert.Contains("text_projection.weight", g.Entries.Keys);
        Assert.All(g.Entries.Values, entry => Assert.Equal(DType.Float16, entry.DType));
    }

    [Fact]
    public void VaeSave_LoadedAgain_IsTheSameAutoencoder()
    {
        var store = _services.Get<ModelStore>();
        try
        {
            using var scope = new TensorScope();
            using var generator = new Generator(1);
            var latent = Tensor.Randn([1, 4, 8, 8], generator);
            var vae = Load("nodehost-tiny-sdxl-base").Vae!;

            new VaeSave { Vae = vae }.Execute(_context);

            var loaded = store.LoadVae(PathOf("vae/ComfyUI_vae_00001_.safetensors"));
            Assert.True(vae.Decode(latent).IsEqualTo(loaded.Decode(latent)));
        }
        finally
        {
            store.Unload();
        }
    }

    [Fact]
    public void LoraSave_DifferenceOfALora_IsReadAsALora()
    {
        using var scope = new TensorScope();
        var store = _services.Get<ModelStore>();
        var plain = Load("nodehost-tiny-sd15").Model;
        var lora = store.LoadLora(Repository.Model("loras/nodehost-tiny-sd15-lora.safetensors"));
        var changed = plain with { Patches = [new(lora, 1)] };
        var difference = new ModelMergeSubtract { Model1 = changed, Model2 = plain }.Execute(_context);

        new LoraSave
        {
            ModelDifference = difference,
            LoraType = "standard",
            Rank = 4,
            BiasDifference = false,
        }.Execute(_context);

        using var file = SafetensorsFile.Open(PathOf("loras/ComfyUI_extracted_lora_00001_.safetensors"));
        const string layer = "diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q";
        var (up, down) = (
            file.Load($"{layer}.lora_up.weight", DType.Float32),
            file.Load($"{layer}.lora_down.weight", DType.Float32)
        );
        using var source = SafetensorsFile.Open(Repository.Model("loras/nodehost-tiny-sd15-lora.safetensors"));
        const string module = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
        var expected = Functional.Matmul(
            source.Load($"{module}.lora_up.weight", DType.Float32),
            source.Load($"{module}.lora_down.weight", DType.Float32)
        );
        var error = (Functional.Matmul(up, down) - expected).Std().Item() / expected.Std().Item();
        // One in a hundred of the numbers is clamped.
        Assert.True(error < 0.2, $"{error}");
        Assert.Null(store.LoadLora(file.Path).DescribeUnmatched([.. plain.Source.Targets]));
    }

    private LoadedCheckpoint Load(string name) =>
        _services.Get<ModelStore>().LoadCheckpoint(Repository.Model($"checkpoints/{name}.safetensors"));

    private string PathOf(string relative) => Path.Combine(_folder.Path, relative);
}
