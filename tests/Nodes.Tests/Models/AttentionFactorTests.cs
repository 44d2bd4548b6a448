using NodeHost.Graph.Contracts;
using NodeHost.Nodes.AttentionMultiply;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Models;

[AssertNoLeakedTensors]
public sealed class AttentionFactorTests
{
    private const string Block = "input_blocks.1.1.transformer_blocks.0";

    [Theory]
    [InlineData($"{Block}.attn1.to_q.weight", 2)]
    [InlineData($"{Block}.attn1.to_k.weight", 3)]
    [InlineData($"{Block}.attn1.to_v.weight", 5)]
    [InlineData($"{Block}.attn1.to_out.0.weight", 7)]
    [InlineData($"{Block}.attn1.to_out.0.bias", 7)]
    [InlineData($"{Block}.attn2.to_q.weight", 1)]
    [InlineData($"{Block}.norm1.weight", 1)]
    public void OfLayer_Names_HaveTheirFactors(string name, double factor)
    {
        Assert.Equal(factor, AttentionFactors.OfLayer("attn1", 2, 3, 5, 7)(name));
    }

    [Theory]
    [InlineData("input_blocks.1.1.time_stack.0.attn1.to_out.0.bias", 3)]
    [InlineData($"{Block}.attn1.to_out.0.weight", 2)]
    [InlineData($"{Block}.attn2.to_out.0.weight", 5)]
    [InlineData("input_blocks.1.1.time_stack.0.attn2.to_out.0.weight", 7)]
    [InlineData($"{Block}.attn2.to_v.weight", 1)]
    public void OfVideo_Outputs_HaveTheirFactors(string name, double factor)
    {
        Assert.Equal(factor, AttentionFactors.OfVideo((2, 3), (5, 7))(name));
    }

    [Theory]
    [InlineData("text_model.encoder.layers.0.self_attn.q_proj.weight", 2)]
    [InlineData("text_model.encoder.layers.0.self_attn.k_proj.bias", 3)]
    [InlineData("text_model.encoder.layers.0.self_attn.v_proj.weight", 5)]
    [InlineData("text_model.encoder.layers.0.self_attn.out_proj.bias", 7)]
    [InlineData("text_model.encoder.layers.0.mlp.fc1.weight", 1)]
    public void OfClip_Projections_HaveTheirFactors(string name, double factor)
    {
        Assert.Equal(factor, AttentionFactors.OfClip(2, 3, 5, 7)(name));
    }

    [Fact]
    public void Execute_ClipAttentionMultiply_ChangesTheEncodingUnlessNeutral()
    {
        using var models = new TinyModels();
        var clip = models.Store.LoadCheckpoint(Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors")).Clip!;
        float[] Encode(double q, double output) =>
            new ClipAttentionMultiply
            {
                Clip = clip,
                Q = q,
                Out = output,
            }
                .Execute(new NodeContext())
                .Encode("a lighthouse")
                .Cond.ToArray<float>();
        var plain = clip.Encode("a lighthouse").Cond.ToArray<float>();

        Assert.Equal(plain, Encode(1, 1));
        Assert.NotEqual(plain, Encode(0.5, 1));
        Assert.NotEqual(plain, Encode(1, 2));
    }
}
