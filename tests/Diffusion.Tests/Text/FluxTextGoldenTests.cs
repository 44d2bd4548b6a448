using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Networks.T5;
using NodeHost.Diffusion.Text;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Text;

[AssertNoLeakedTensors]
public sealed class FluxTextGoldenTests
{
    [GoldenFact]
    public void Encode_FluxPrompts_MatchesComfyUi()
    {
        using var scope = new TensorScope();
        using var clipFile = Open("tiny-clip_l");
        using var t5File = Open("tiny-t5xxl_fp16");
        using var clipWeights = new WeightSet(clipFile, DType.Float16);
        using var t5Weights = new WeightSet(t5File, DType.Float16);
        var encoder = new FluxTextEncoder(
            new Ready<ClipTextModel>(new(clipWeights.Root, ClipTextConfig.From(clipWeights.Root))),
            new Ready<T5Model>(new(t5Weights.Root, T5Config.From(t5Weights.Root))),
            Clip,
            T5,
            new NoEmbeddings(),
            new NoEmbeddings()
        );
        Assert.Empty(t5Weights.LeftOver);

        using var golden = new GoldenTensors("public/text_encode.safetensors");
        var cases = JObject.Parse(File.ReadAllText(Golden.PathOf("public/text_encode.json")))["cases"]!;
        for (var index = 0; golden.Contains($"flux.{index}.cond"); index++)
        {
            var encoded = encoder.Encode(encoder.Tokenize((string)cases[index]!["prompt"]!), null, []);
            golden.AssertClose($"flux.{index}.cond", encoded.Cond);
            golden.AssertClose($"flux.{index}.pooled", encoded.Pooled!);
        }
    }

    private static SafetensorsSource Open(string name) =>
        SafetensorsSource.Open(Golden.PathOf($"models/text_encoders/{name}.safetensors"));

    private static PromptTokenizer Clip()
    {
        var tokenizer = new ClipTokenizer(ClipVocabulary.Load(Golden.PathOf("tokenizers/clip")));
        return new(tokenizer, ChunkLayout.Clip(tokenizer));
    }

    private static PromptTokenizer T5() => new(T5Tokenizer.Load(Golden.PathOf("tokenizers/t5")), ChunkLayout.T5);

    private sealed class Ready<TModel>(TModel model) : IModelSource<TModel>
    {
        public string Name => "golden";

        public TModel Load(IReadOnlyList<WeightPatch> patches) => model;
    }

    private sealed class NoEmbeddings : IPromptEmbeddings
    {
        public IPromptEmbedding? Find(string name) => null;
    }
}
