using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Lora;

/// <summary>A LoRA of strength 0 is no LoRA, bit for bit, in the network and in the text encoder.</summary>
[AssertNoLeakedTensors]
public sealed class LoraStrengthTests
{
    [Theory]
    [InlineData(0.0, true)]
    [InlineData(1e-3, false)]
    [InlineData(-1.0, false)]
    public void Load_LoraOfAStrength_ChangesBitsUnlessItIsZero(double strength, bool isSame)
    {
        using var scope = new TensorScope();
        using var store = new ModelStore(
            new ModelStoreOptions
            {
                Tokenizers = new TokenizerLocator([Repository.Model("tokenizers")]),
                Device = Device.Cpu,
            }
        );
        var loaded = store.LoadCheckpoint(Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors"));
        var lora = store.LoadLora(Repository.Model("loras/nodehost-tiny-sd15-lora.safetensors"));
        WeightPatch[] patches = [new(lora, strength)];

        Assert.Equal(isSame, Predict([]).IsEqualTo(Predict(patches)));
        var clip = loaded.Clip!;
        var (plain, patched) = (clip.Encode("a cat"), (clip with { Patches = patches }).Encode("a cat"));
        Assert.Equal(isSame, plain.Cond.IsEqualTo(patched.Cond));

        Tensor Predict(WeightPatch[] merged)
        {
            using var generator = new Generator(3);
            var network = loaded.Model.Source.Load(merged);
            var input = new NetworkInput { Context = Tensor.Randn([1, 7, 16], generator) };
            return network.Forward(Tensor.Randn([1, 4, 16, 16], generator), Tensor.Full([1], 500), input);
        }
    }
}
