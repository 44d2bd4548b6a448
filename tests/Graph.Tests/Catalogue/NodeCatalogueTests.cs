using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Tests.Catalogue;

public sealed class NodeCatalogueTests
{
    private static readonly SocketTypes Sockets = new SocketTypes()
        .Add<FakeModel>("MODEL")
        .Add<FakeLatent>("LATENT")
        .Add<FakeConditioning>("CONDITIONING");

    private readonly NodeCatalogue _catalogue = new(
        [
            typeof(FakeKSampler),
            typeof(FakeConcatenate),
            typeof(SplitNode),
            typeof(UnknownSocketNode),
            typeof(SecondKSampler),
            typeof(FakeMixBlocks),
        ],
        Sockets
    );

    [Fact]
    public void ObjectInfo_ClassicNode_HasComfyUiShape() =>
        AssertEntry(
            "KSampler",
            """
            {"input": {"required": {
                "model": ["MODEL", {"tooltip": "The model used for denoising the input latent."}],
                "seed": ["INT", {"default": 0, "min": 0, "max": 18446744073709551615, "control_after_generate": true, "tooltip": "The random seed used for creating the noise."}],
                "steps": ["INT", {"default": 20, "min": 1, "max": 10000}],
                "cfg": ["FLOAT", {"default": 8.0, "min": 0.0, "max": 100.0, "step": 0.1, "round": 0.01}],
                "sampler_name": [["euler", "heun"]],
                "scheduler": [["simple", "karras", "beta"]],
                "positive": ["CONDITIONING"]},
              "optional": {"latent_image": ["LATENT"]},
              "hidden": {"unique_id": "UNIQUE_ID"}},
             "input_order": {"required": ["model", "seed", "steps", "cfg", "sampler_name", "scheduler", "positive"], "optional": ["latent_image"], "hidden": ["unique_id"]},
             "output": ["LATENT"], "output_is_list": [false], "output_name": ["LATENT"],
             "name": "KSampler", "display_name": "KSampler",
             "description": "Uses the provided model, positive and negative conditioning to denoise the latent image.",
             "python_module": "nodes", "category": "sampling", "output_node": false, "output_tooltips": ["The denoised latent."]}
            """
        );

    [Fact]
    public void ObjectInfo_NumberGroup_IsAnInputForEachName()
    {
        var inputs = _catalogue.ObjectInfo("MixBlocks", EmptyServices.Instance)["MixBlocks"]!["input"]!["required"]!;

        Assert.Equal(
            ["model", "in.", "blocks.9.", "blocks.10.", "blocks.11.", "out"],
            ((JObject)inputs).Properties().Select(input => input.Name)
        );
        Assert.Equal(
            """["FLOAT",{"default":0.5,"min":0.0,"max":1.0,"step":0.01}]""",
            inputs["blocks.10."]!.ToString(Newtonsoft.Json.Formatting.None)
        );
    }

    [Fact]
    public void ObjectInfo_V3Node_HasEveryKeyAndOptionsForm() =>
        AssertEntry(
            "StringConcatenate",
            """
            {"input": {"required": {
                "string_a": ["STRING", {"multiline": true}],
                "delimiter": ["STRING", {"default": "", "multiline": false}],
                "mode": ["COMBO", {"tooltip": "how", "default": "SRC", "multiselect": false, "options": ["DST", "SRC"]}]},
              "hidden": {"prompt": ["PROMPT"]}},
             "input_order": {"required": ["string_a", "delimiter", "mode"], "hidden": ["prompt"]},
             "output": ["STRING"], "output_is_list": [false], "output_name": ["STRING"], "output_tooltips": [null],
             "name": "StringConcatenate", "display_name": "Concatenate", "description": "",
             "python_module": "comfy_extras.nodes_string", "category": "utils/string", "output_node": false,
             "deprecated": false, "experimental": false, "api_node": false}
            """
        );

    [Fact]
    public void ObjectInfo_TupleOutputs_AreNamedAfterTypeTupleElementOrAttribute() =>
        AssertEntry(
            "Split",
            """
            {"input": {"required": {"either": ["INT,FLOAT", {"lazy": true}]}, "optional": {"strength": ["FLOAT", {"default": 1.0}]}},
             "input_order": {"required": ["either"], "optional": ["strength"]},
             "output": ["LATENT", "INT", "MODEL"], "output_is_list": [false, true, false],
             "output_name": ["fake_latent", "whole_widths", "exact NAME"],
             "name": "Split", "display_name": "Split", "description": "", "python_module": "nodes", "category": "sd",
             "output_node": true, "experimental": true}
            """
        );

    [Fact]
    public void ObjectInfo_BrokenOrDuplicateNode_IsReportedAndLeftOut()
    {
        var info = _catalogue.ObjectInfo(EmptyServices.Instance);

        Assert.Equal(
            ["KSampler", "MixBlocks", "Split", "StringConcatenate"],
            info.Properties().Select(property => property.Name)
        );
        Assert.Contains(
            _catalogue.Problems,
            problem => problem.Node == "Unknown socket" && problem.Message.Contains("Version has no socket type")
        );
        Assert.Contains(
            _catalogue.Problems,
            problem => problem.Node == "KSampler" && problem.Message.Contains(nameof(SecondKSampler))
        );
    }

    [Fact]
    public void ObjectInfo_UnknownClass_IsEmpty() =>
        Assert.Empty(_catalogue.ObjectInfo("NoSuchNode", EmptyServices.Instance));

    [Fact]
    public void Comparer_KeyOrderDiffers_SaysSo() =>
        Assert.Single(ObjectInfoComparer.Differences(JObject.Parse("{a:1,b:2}"), JObject.Parse("{b:2,a:1.0}")));

    private void AssertEntry(string classType, string expected)
    {
        var entry = _catalogue.ObjectInfo(classType, EmptyServices.Instance)[classType];

        Assert.NotNull(entry);
        Assert.Equal("", string.Join("\n", ObjectInfoComparer.Differences(JObject.Parse(expected), entry)));
    }
}
