using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Tests.Catalogue;

// Nodes written as a node author would, whose definitions ComfyUI has too.

public sealed record FakeModel;

public sealed record FakeLatent(int Width = 8);

public sealed record FakeConditioning;

public sealed class FakeSchedulers : IChoiceProvider
{
    public IEnumerable<object> Options(IServiceProvider services, string? argument) => ["simple", "karras", argument!];
}

[Node(
    "KSampler",
    Category = "sampling",
    Description = "Uses the provided model, positive and negative conditioning to denoise the latent image."
)]
[Output(0, Tooltip = "The denoised latent.")]
public sealed class FakeKSampler : INode<FakeLatent>
{
    [Input(Tooltip = "The model used for denoising the input latent.")]
    public required FakeModel Model { get; init; }

    [Seed(Tooltip = "The random seed used for creating the noise.")]
    public ulong Seed { get; init; }

    [Number(1, 10_000)]
    public int Steps { get; init; } = 20;

    [Number(0.0, 100.0, Step = 0.1, Round = 0.01)]
    public double Cfg { get; init; } = 8.0;

    [Choice("euler", "heun")]
    public string SamplerName { get; init; } = "euler";

    [Choice(typeof(FakeSchedulers), "beta")]
    public required string Scheduler { get; init; }

    [Input]
    public required FakeConditioning Positive { get; init; }

    [Input]
    public FakeLatent? LatentImage { get; init; }

    [Hidden(HiddenInput.UniqueId)]
    public string? UniqueId { get; init; }

    public FakeLatent Execute(NodeContext context) => LatentImage ?? new FakeLatent();
}

[Node(
    "StringConcatenate",
    Category = "utils/string",
    DisplayName = "Concatenate",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
public sealed class FakeConcatenate : INode<string>
{
    [Text(Multiline = true)]
    public required string StringA { get; init; }

    [Text]
    public string Delimiter { get; init; } = "";

    [Choice("DST", "SRC", Tooltip = "how")]
    public string Mode { get; init; } = "SRC";

    [Hidden(HiddenInput.Prompt)]
    public Newtonsoft.Json.Linq.JObject? Prompt { get; init; }

    public string Execute(NodeContext context) => StringA + Delimiter;
}

[Node("Split", OutputNode = true, Experimental = true)]
[Output(2, Name = "exact NAME")]
public sealed class SplitNode
    : INode<NodeOutput<(FakeLatent FakeLatent, IReadOnlyList<int> WholeWidths, Slot<FakeModel?> Third)>>
{
    [Input(Type = "INT,FLOAT", Lazy = true)]
    public object? Either { get; init; }

    [Input(Optional = true)]
    public double Strength { get; init; } = 1;

    public NodeOutput<(FakeLatent FakeLatent, IReadOnlyList<int> WholeWidths, Slot<FakeModel?> Third)> Execute(
        NodeContext context
    ) => new ExecutionBlocker();
}

[Node("Unknown socket")]
public sealed class UnknownSocketNode : INode<int>
{
    [Input]
    public Version? Version { get; init; }

    public int Execute(NodeContext context) => 0;
}

[Node("KSampler")]
public sealed class SecondKSampler : INode<int>
{
    public int Execute(NodeContext context) => 0;
}

[Node("MixBlocks")]
public sealed class FakeMixBlocks : INode<double>
{
    [Input]
    public required FakeModel Model { get; init; }

    [NumberGroup(0.0, 1.0, "in.", "blocks.{9-11}.", "out", Step = 0.01, Default = 0.5)]
    public OrderedDictionary<string, double> Ratios { get; } = [];

    public double Execute(NodeContext context) => Ratios.Values.Sum();
}
