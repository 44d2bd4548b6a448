using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Validation;
using NodeHost.Graph.Workflows;

namespace NodeHost.Graph.Tests.Validation;

public sealed class PromptValidatorTests
{
    private const string Image =
        """ "1": {"class_type": "EmptyImage", "inputs": {"width": 32, "height": 32, "batch_size": 1, "color": 0} } """;

    private readonly PromptValidator _validator = new(ComfyNodes.Catalogue, EmptyServices.Instance);

    [Theory]
    [InlineData("""{not json""", "invalid_json", "The request body is not valid JSON")]
    [InlineData("""{'prompt': {}}""", "invalid_json", "The request body is not valid JSON")]
    [InlineData("""{"prompt": {},}""", "invalid_json", "The request body is not valid JSON")]
    [InlineData("""{"prompt": {}} more""", "invalid_json", "The request body is not valid JSON")]
    [InlineData("", "invalid_json", "The request body is not valid JSON")]
    [InlineData("""{"prompt": "text"}""", "invalid_prompt", "Cannot read 'prompt' of the request")]
    [InlineData("""{"prompt": {}, "number": null}""", "invalid_prompt", "Cannot read 'number' of the request")]
    [InlineData("""{"client_id": "x"}""", "no_prompt", "No prompt provided")]
    [InlineData("""{"prompt": {}}""", "prompt_no_outputs", "Prompt has no outputs")]
    [InlineData(
        """{"prompt": {"1": "hello"} }""",
        "invalid_prompt",
        "Cannot execute because a node is missing the class_type property."
    )]
    [InlineData(
        """{"prompt": {"1": {"class_type": "NoSuchNode"} } }""",
        "invalid_prompt",
        "Cannot execute because node NoSuchNode does not exist."
    )]
    [InlineData(
        """{"prompt": {"1": {"class_type": ["x"]} } }""",
        "invalid_prompt",
        "Cannot execute because node ['x'] does not exist."
    )]
    public async Task Validate_UnreadableRequest_IsRefusedWithReferenceType(string body, string type, string message)
    {
        var validation = await _validator.ValidateAsync(body);

        Assert.Equal(400, validation.StatusCode);
        Assert.Equal((type, message), (validation.Error!.Type, validation.Error.Message));
        Assert.Empty(validation.NodeErrors);
    }

    [Fact]
    public async Task Validate_NestedTooDeep_IsRefused()
    {
        var body = string.Concat(Enumerable.Repeat("""{"prompt":""", 5000)) + "1" + new string('}', 5000);

        Assert.Equal("invalid_json", (await _validator.ValidateAsync(body)).Error!.Type);
    }

    [Fact]
    public async Task Validate_LinkToMissingNode_IsExceptionUnderTheOutput()
    {
        var validation = await Nodes("""{ "2": {"class_type": "PreviewImage", "inputs": {"images": ["99", 0]} } }""");

        var error = Assert.Single(Assert.Single(validation.NodeErrors).Errors);
        Assert.Equal(("exception_during_validation", "'99'"), (error.Type, error.Details));
        Assert.Equal("Exception when validating node: '99'", validation.Error!.Details);
    }

    [Theory]
    [InlineData("""["1", 5]""", "tuple index out of range", "IndexError")]
    [InlineData("""["1", "0"]""", "tuple indices must be integers or slices, not str", "TypeError")]
    [InlineData("""[1, 0]""", "1", "KeyError")]
    [InlineData("""[["1"], 0]""", "unhashable type: 'list'", "TypeError")]
    public async Task Validate_LinkThatCannotBeFollowed_IsFiledUnderTheNodeThatHasIt(
        string link,
        string text,
        string type
    )
    {
        var validation = await Nodes(
            $$"""
            { {{Image}},
              "2": {"class_type": "ImageInvert", "inputs": {"image": {{link}} } },
              "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]} } }
            """
        );

        var node = Assert.Single(validation.NodeErrors);
        var error = Assert.Single(node.Errors);
        Assert.Equal(
            ("2", "ImageInvert", "exception_during_inner_validation"),
            (node.NodeId, node.ClassType, error.Type)
        );
        Assert.Equal((text, type), (error.Details, (string?)error.ExtraInfo["exception_type"]));
        Assert.Equal(["3"], node.DependentOutputs);
    }

    [Theory]
    [InlineData(""" "whole": " 1_2 " """, "whole", "12")]
    [InlineData(""" "whole": 12.7 """, "whole", "12")]
    [InlineData(""" "whole": true """, "whole", "1")]
    [InlineData(""" "whole": 18446744073709551615 """, "whole", "18446744073709551615")]
    [InlineData(""" "real": "1e-3" """, "real", "0.001")]
    [InlineData(""" "real": 2 """, "real", "2.0")]
    [InlineData(""" "text": null """, "text", "\"None\"")]
    [InlineData(""" "text": true """, "text", "\"True\"")]
    [InlineData(""" "text": {"__value__": [1, "a"]} """, "text", "\"[1, 'a']\"")]
    [InlineData(""" "text": 1.0 """, "text", "\"1.0\"")]
    [InlineData(""" "flag": "false" """, "flag", "true")]
    [InlineData(""" "flag": "" """, "flag", "false")]
    [InlineData(""" "pick": 1.0 """, "pick", "1.0")]
    [InlineData(""" "pick": true """, "pick", "true")]
    public async Task Validate_ConvertibleConstant_IsConvertedInThePrompt(string input, string name, string expected)
    {
        var validation = await Constants(input);

        Assert.True(validation.Accepted, validation.ToResponseJson().ToString());
        Assert.Equal(expected, PromptJson.Write(validation.Request!.Prompt["1"]!["inputs"]![name]!));
    }

    [Theory]
    [InlineData(
        """ "whole": "12.5" """,
        "invalid_input_type",
        "whole, 12.5, invalid literal for int() with base 10: '12.5'"
    )]
    [InlineData(
        """ "whole": null """,
        "invalid_input_type",
        "whole, None, int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"
    )]
    [InlineData(""" "real": "a'b" """, "invalid_input_type", "real, a'b, could not convert string to float: \"a'b\"")]
    [InlineData(
        """ "real": {"a": [null, true]} """,
        "invalid_input_type",
        "real, {'a': [None, True]}, float() argument must be a string or a real number, not 'dict'"
    )]
    [InlineData(""" "whole": -1 """, "value_smaller_than_min", "whole")]
    [InlineData(""" "pick": "1" """, "value_not_in_list", "pick: '1' not in [1, 2.5, 'x']")]
    [InlineData(""" "text": [1, 2, 3] """, "bad_linked_input", "text")]
    public async Task Validate_WrongConstant_GivesPythonsText(string input, string type, string details)
    {
        var error = Assert.Single(Assert.Single((await Constants(input)).NodeErrors).Errors);

        Assert.Equal((type, details), (error.Type, error.Details));
    }

    [Fact]
    public async Task Validate_SeveralProblems_ReportsAllOfThem()
    {
        var validation = await Nodes(
            """
            { "1": {"class_type": "EmptyImage", "inputs": {"width": 0, "height": "x", "batch_size": 5000} },
              "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0]} } }
            """
        );

        Assert.Equal(
            ["value_smaller_than_min", "invalid_input_type", "value_bigger_than_max", "required_input_missing"],
            validation.NodeErrors.Single(node => node.NodeId == "1").Errors.Select(error => error.Type)
        );
        Assert.Equal("filename_prefix", validation.NodeErrors.Single(node => node.NodeId == "2").Errors[0].Details);
    }

    [Theory]
    [InlineData(7, new[] { "first", "second" }, "custom_validation_failed")]
    [InlineData(8, new[] { "first - eight is too many", "second - eight is too many" }, "custom_validation_failed")]
    [InlineData(9, new[] { "cannot judge" }, "exception_during_validation")]
    [InlineData(6, new string[0], "")]
    public async Task Validate_OwnValidation_ReplacesBoundsAndBlamesEveryInputItReceived(
        int first,
        string[] details,
        string type
    )
    {
        var validation = await Nodes(
            $$"""{ "1": {"class_type": "ChecksAll", "inputs": {"first": {{first}}, "second": 99} } }"""
        );

        var errors = validation.NodeErrors.SelectMany(node => node.Errors).ToArray();
        Assert.Equal(details, errors.Select(error => error.Details));
        Assert.All(errors, error => Assert.Equal(type, error.Type));
    }

    [Theory]
    [InlineData("EmptyImage", true)]
    [InlineData("EmptyLatentImage", false)]
    public async Task Validate_NodeThatTakesTypes_JudgesThemItself(string source, bool accepted)
    {
        var validation = await Nodes(
            $$"""
            { "1": {"class_type": "{{source}}", "inputs": {"width": 32, "height": 32, "batch_size": 1, "color": 0} },
              "2": {"class_type": "ChecksTypes", "inputs": {"value": ["1", 0]} } }
            """
        );

        Assert.Equal(accepted, validation.Accepted);
        Assert.Equal(accepted ? 0 : 1, validation.NodeErrors.Count);
    }

    [Theory]
    [InlineData("any", "EmptyImage", true)]
    [InlineData("either", "EmptyImage", true)]
    [InlineData("either", "LoadImage", true)]
    [InlineData("either", "CLIPTextEncode", false)]
    public async Task Validate_UnionAndWildcard_MatchAnyOfTheirTypes(string input, string source, bool accepted)
    {
        var validation = await Nodes(
            $$"""
            { "1": {"class_type": "{{source}}", "inputs": {"width": 32, "height": 32, "batch_size": 1, "color": 0, "image": "there.png"} },
              "2": {"class_type": "TakesAnything", "inputs": {"any": 1, "{{input}}": ["1", 0]} } }
            """
        );

        Assert.Equal(accepted, validation.Accepted);
    }

    [Fact]
    public async Task Validate_LinkToChoiceInListForm_IsMismatchQuotingTheList()
    {
        var validation = await Nodes(
            """
            { "1": {"class_type": "EmptyImage", "inputs": {"width": 32, "height": 32, "batch_size": 1, "color": 0} },
              "2": {"class_type": "LoadImage", "inputs": {"image": ["1", 0]} },
              "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]} } }
            """
        );

        var error = Assert.Single(
            Assert.Single(validation.NodeErrors).Errors,
            error => error.Type == "return_type_mismatch"
        );
        Assert.Equal("image, received_type(IMAGE) mismatch input_type(['there.png'])", error.Details);
    }

    [Fact]
    public async Task Validate_PartialTargets_KeepOnlyListedOutputs()
    {
        var nodes = $$"""
            { {{Image}}, "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]} }, "3": {"class_type": "PreviewImage", "inputs": {} } }
            """;

        var included = await _validator.ValidateAsync(
            $$"""{"prompt": {{nodes}}, "partial_execution_targets": ["2", "1"]}"""
        );
        var none = await _validator.ValidateAsync($$"""{"prompt": {{nodes}}, "partial_execution_targets": []}""");
        var all = await _validator.ValidateAsync($$"""{"prompt": {{nodes}}, "partial_execution_targets": null}""");

        Assert.Equal(["2"], included.Outputs);
        Assert.Empty(included.NodeErrors);
        Assert.Equal("prompt_no_outputs", none.Error!.Type);
        Assert.Equal(["2"], all.Outputs);
        Assert.Equal("3", Assert.Single(all.NodeErrors).NodeId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5000)]
    public async Task Validate_CycleOfAnyLength_IsRefusedWithoutNodeErrors(int length)
    {
        var nodes = Chain(length);
        nodes["0"]!["inputs"]!["image"] = new JArray((length - 1).ToString(), 0);

        var validation = await Nodes(nodes.ToString());

        Assert.Equal("prompt_outputs_failed_validation", validation.Error!.Type);
        Assert.Equal("", validation.Error.Details);
        Assert.Empty(validation.NodeErrors);
    }

    [Fact]
    public async Task Validate_CycleInGraph_NamesEveryNodeInTheCycle()
    {
        var nodes = Chain(3);
        nodes["0"]!["inputs"]!["image"] = new JArray("1", 0);

        var validation = await Nodes(nodes.ToString());

        Assert.Equal(["ImageInvert #0 -> ImageInvert #1 -> ImageInvert #0"], validation.Cycles);
    }

    [Fact]
    public async Task Validate_ChainOfFiveThousand_IsAccepted()
    {
        var nodes = Chain(5000);
        nodes["0"] = JObject.Parse("{" + Image + "}")["1"];

        Assert.True((await Nodes(nodes.ToString())).Accepted);
    }

    [Fact]
    public async Task Validate_Request_LeavesCallersJsonAlone()
    {
        var prompt = JObject.Parse(
            """{"1": {"class_type": "Constants", "inputs": {"whole": "1", "real": 0, "text": "", "flag": 0} } }"""
        );
        var before = prompt.ToString();

        await _validator.ValidateAsync(new PromptRequest(prompt));

        Assert.Equal(before, prompt.ToString());
    }

    private static JObject Chain(int length)
    {
        var nodes = new JObject();
        for (var index = 0; index < length; index++)
        {
            nodes[index.ToString()] = new JObject
            {
                ["class_type"] = "ImageInvert",
                ["inputs"] = new JObject { ["image"] = new JArray((index - 1).ToString(), 0) },
            };
        }
        nodes["out"] = new JObject
        {
            ["class_type"] = "PreviewImage",
            ["inputs"] = new JObject { ["images"] = new JArray((length - 1).ToString(), 0) },
        };
        return nodes;
    }

    private Task<PromptValidation> Constants(string input)
    {
        var inputs = JObject.Parse("""{"whole": 0, "real": 0.0, "text": "", "flag": false, "pick": "x"}""");
        inputs.Merge(
            PromptJson.Parse("{" + input + "}"),
            new() { MergeNullValueHandling = MergeNullValueHandling.Merge }
        );
        return Nodes(
            new JObject
            {
                ["1"] = new JObject { ["class_type"] = "Constants", ["inputs"] = inputs },
            }.ToString()
        );
    }

    private Task<PromptValidation> Nodes(string nodes) => _validator.ValidateAsync($$"""{"prompt": {{nodes}} }""");
}
