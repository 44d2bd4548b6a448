using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.T5;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Text;

/// <summary>Runs a T5 encoder over the chunks of a prompt; weights as in <see cref="TokenVectors.Weigh"/>.</summary>
internal sealed class T5Encoder(IModelSource<T5Model> source, ChunkLayout layout, int endToken)
{
    /// <summary>The chunks' hidden states joined [1, tokens, C]; in host memory, wherever the encoder is.</summary>
    public Tensor Encode(IReadOnlyList<PromptToken[]> chunks, int? lastLayer, IReadOnlyList<WeightPatch> patches)
    {
        var model = source.Load(patches);
        var hiddenLayers = TokenVectors.HiddenLayers(lastLayer, model.Config.Layers) ?? model.Config.Layers;
        using var scope = new TensorScope();
        var empty = TokenVectors.AreWeighted(chunks) ? Run(EmptyChunk(chunks[0].Length)) : null;
        var parts = chunks.Select(chunk =>
        {
            var hidden = Run(chunk);
            return empty is null ? hidden : TokenVectors.Weigh(hidden, empty, chunk);
        });
        return scope.Keep(Tensor.Concat([.. parts], 1).To(Device.Cpu));

        Tensor Run(PromptToken[] chunk) =>
            model.Forward(TokenVectors.Embed(chunk, model.Embed).Unsqueeze(0), hiddenLayers);
    }

    private PromptToken[] EmptyChunk(int length)
    {
        var chunk = new PromptToken[length];
        Array.Fill(chunk, new PromptToken(layout.PadToken));
        chunk[0] = new PromptToken(endToken);
        return chunk;
    }
}
