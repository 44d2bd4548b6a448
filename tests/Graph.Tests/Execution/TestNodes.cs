using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Tests.Execution;

// The nodes that the scenarios are made of, after those of the reference's own black-box tests.

internal static class TestNodes
{
    public static NodeCatalogue Catalogue { get; } =
        new(typeof(TestNodes).GetNestedTypes(), new SocketTypes().Add<Tracked>("TRACKED"));

    /// <summary>What nodes need from outside: something to count in, and something to change.</summary>
    public sealed class World : IServiceProvider
    {
        public object? FileContent { get; set; } = "first";

        public int Calls { get; set; }

        /// <summary>How many sleepers wake each other when all of them are asleep; 0: each sleeps by itself.</summary>
        public int Sleepers { get; set; }

        private readonly TaskCompletionSource _allAsleep = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asleep;

        /// <summary>Ends when everybody has fallen asleep; never if one sleeps after another.</summary>
        public Task SleepTogetherAsync(CancellationToken cancellation)
        {
            if (Interlocked.Increment(ref _asleep) == Sleepers)
            {
                _allAsleep.SetResult();
            }
            return _allAsleep.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        }

        public object? GetService(Type serviceType) => serviceType == typeof(World) ? this : null;
    }

    [Node("Number")]
    public sealed class Number : INode<int>
    {
        [Input]
        public int Value { get; init; }

        public int Execute(NodeContext context) => Value;
    }

    [Node("Real")]
    public sealed class Real : INode<double>
    {
        [Input(Type = "*")]
        public object? Value { get; init; }

        public double Execute(NodeContext context) => Convert.ToDouble(Value);
    }

    [Node("Add")]
    public sealed class Add : INode<int>
    {
        [Input]
        public int A { get; init; }

        [Input]
        public int B { get; init; }

        public int Execute(NodeContext context) => A + B;
    }

    /// <summary>Many inputs in one property.</summary>
    [Node("Ratios")]
    public sealed class Ratios : INode<string>
    {
        [NumberGroup(0.0, 1.0, "in.", "block.{1-2}.", Default = 1.0)]
        public OrderedDictionary<string, double> Values { get; } = [];

        public string Execute(NodeContext context) =>
            string.Join(", ", Values.Select(pair => $"{pair.Key}={pair.Value}"));
    }

    [Node("Sum5")]
    public sealed class Sum5 : INode<int>
    {
        [Input]
        public int A { get; init; }

        [Input]
        public int B { get; init; }

        [Input]
        public int C { get; init; }

        [Input]
        public int D { get; init; }

        public int Execute(NodeContext context) => A + B + C + D;
    }

    [Node("SlowAdd")]
    public sealed class SlowAdd : IAsyncNode<int>
    {
        [Input]
        public int A { get; init; }

        [Input]
        public int B { get; init; }

        public async Task<int> ExecuteAsync(NodeContext context)
        {
            await Task.Delay(1);
            return A + B;
        }
    }

    [Node("PassOn")]
    public sealed class PassOn : INode<object?>
    {
        [Input]
        public object? Value { get; init; }

        public object? Execute(NodeContext context) => Value;
    }

    [Node("Talkative")]
    public sealed class Talkative : INode<int>
    {
        public int Execute(NodeContext context)
        {
            context.Text("hello");
            context.Warn("careful");
            context.Progress(0.5, 1, new NodePreview([1, 2, 3], "image/jpeg"));
            return 1;
        }
    }

    [Node("Show", OutputNode = true)]
    public sealed class Show : INode<UiOutput>
    {
        [Input(Type = "*")]
        public object? Value { get; init; }

        public UiOutput Execute(NodeContext context) => UiOutput.Text($"{Value}");
    }

    [Node("LazyMix")]
    public sealed class LazyMix : INode<string>, ILazyNode
    {
        [Input]
        public double Mask { get; init; }

        [Input(Lazy = true)]
        public int? First { get; init; }

        [Input(Lazy = true)]
        public int? Second { get; init; }

        public IEnumerable<string> NeededInputs(NodeContext context)
        {
            yield return "mask";
            if (Mask < 1 && First is null)
            {
                yield return nameof(First);
            }
            if (Mask > 0 && Second is null)
            {
                yield return "second";
            }
        }

        public string Execute(NodeContext context) => $"{First?.ToString() ?? "-"}/{Second?.ToString() ?? "-"}";
    }

    [Node("AsyncLazy")]
    public sealed class AsyncLazy : IAsyncNode<int>, IAsyncLazyNode
    {
        [Input(Lazy = true)]
        public int? Value { get; init; }

        public async Task<IReadOnlyCollection<string>> NeededInputsAsync(NodeContext context)
        {
            await Task.Delay(1);
            return ["value"];
        }

        public async Task<int> ExecuteAsync(NodeContext context)
        {
            await Task.Delay(1);
            return Value!.Value;
        }
    }

    [Node("AsksForNothingThere")]
    public sealed class AsksForNothingThere : INode<int>, ILazyNode
    {
        [Input(Lazy = true, Optional = true)]
        public int? Value { get; init; }

        public IEnumerable<string> NeededInputs(NodeContext context) => ["value"];

        public int Execute(NodeContext context) => 0;
    }

    [Node("ListOf")]
    public sealed class ListOf : INode<IReadOnlyList<int>>
    {
        [Input]
        public int Count { get; init; }

        public IReadOnlyList<int> Execute(NodeContext context) => [.. Enumerable.Range(1, Count)];
    }

    [Node("Join", InputIsList = true)]
    public sealed class Join : INode<string>
    {
        [Input]
        public required IReadOnlyList<int> Values { get; init; }

        [Input]
        public IReadOnlyList<string> Separator { get; init; } = [","];

        public string Execute(NodeContext context) => string.Join(Separator[0], Values);
    }

    [Node("CallCount")]
    public sealed class CallCount : INode<int>
    {
        [Input(Optional = true)]
        public int Value { get; init; } = -1;

        public int Execute(NodeContext context) => context.Get<World>().Calls++;
    }

    [Node("ShowTwice", OutputNode = true)]
    public sealed class ShowTwice : INode<NodeOutput<int>>
    {
        [Input]
        public int Value { get; init; }

        public NodeOutput<int> Execute(NodeContext context)
        {
            var ui = UiOutput.Text($"{Value}");
            return NodeOutput<int>.Show(
                Value == 1 ? ui.Add("first", [new JValue(1)]) : ui.Add("other", [new JValue(2)]),
                Value
            );
        }
    }

    [Node("BlockOver")]
    public sealed class BlockOver : INode<(Slot<int> Value, int Same)>
    {
        [Input]
        public int Value { get; init; }

        [Input]
        public int Limit { get; init; }

        [Input(Optional = true)]
        public string Message { get; init; } = "";

        public (Slot<int> Value, int Same) Execute(NodeContext context) =>
            (Value > Limit ? new ExecutionBlocker(Message.Length > 0 ? Message : null) : Value, Value);
    }

    [Node("BlockAll")]
    public sealed class BlockAll : INode<NodeOutput<(int A, int B)>>
    {
        public NodeOutput<(int A, int B)> Execute(NodeContext context) =>
            NodeOutput<(int A, int B)>.Block("nothing to see");
    }

    [Node("Fail")]
    public sealed class Fail : INode<int>
    {
        [Input]
        public int Value { get; init; }

        [Input]
        public string Text { get; init; } = "";

        public int Execute(NodeContext context) => throw new InvalidOperationException(Text);
    }

    [Node("OutOfMemory")]
    public sealed class OutOfMemory : INode<int>
    {
        public int Execute(NodeContext context) => throw new InsufficientMemoryException("too big");
    }

    [Node("Steps")]
    public sealed class Steps : INode<int>
    {
        [Input]
        public int Count { get; init; }

        public int Execute(NodeContext context)
        {
            for (var step = 1; step <= Count; step++)
            {
                context.Progress(step, Count);
            }
            return Count;
        }
    }

    [Node("Sleep")]
    public sealed class Sleep : IAsyncNode<int>
    {
        [Input]
        public int Value { get; init; }

        [Input]
        public int Milliseconds { get; init; }

        [Input]
        public bool Fails { get; init; }

        public async Task<int> ExecuteAsync(NodeContext context)
        {
            var world = context.Get<World>();
            await (
                world.Sleepers > 0
                    ? world.SleepTogetherAsync(context.CancellationToken)
                    : Task.Delay(Milliseconds, context.CancellationToken)
            );
            return Fails ? throw new TimeoutException("slept badly") : Value;
        }
    }

    [Node("FileContent")]
    public sealed class FileContent : INode<string>, IFingerprintedNode
    {
        [Input(Optional = true)]
        public int Unused { get; init; }

        public object? Fingerprint(NodeContext context) =>
            context.Get<World>().FileContent is "broken"
                ? throw new IOException("gone")
                : context.Get<World>().FileContent;

        public string Execute(NodeContext context) => $"{context.Get<World>().FileContent}";
    }

    [Node("WhoAmI")]
    public sealed class WhoAmI : INode<string>
    {
        [Hidden(HiddenInput.UniqueId)]
        public string UniqueId { get; init; } = "";

        [Hidden(HiddenInput.Prompt)]
        public JObject? Prompt { get; init; }

        [Hidden(HiddenInput.ExtraPngInfo)]
        public JToken? ExtraPnginfo { get; init; }

        public string Execute(NodeContext context) => $"{UniqueId} of {Prompt!.Count}, {ExtraPnginfo?["workflow"]}";
    }

    [Node("Dice", NotIdempotent = true)]
    public sealed class Dice : INode<int>
    {
        public int Execute(NodeContext context) => context.Get<World>().Calls++;
    }

    [Node("RawLinkOf")]
    public sealed class RawLinkOf : INode<string>
    {
        [Input(Type = "*", RawLink = true)]
        public NodeLink? Link { get; init; }

        public string Execute(NodeContext context) => $"{Link}";
    }

    /// <summary>Adds the numbers 1 to count, one expansion inside the other.</summary>
    [Node("Loop")]
    public sealed class Loop : INode<NodeOutput<int>>
    {
        [Input]
        public int Count { get; init; }

        [Input(Optional = true)]
        public int Sum { get; init; }

        public NodeOutput<int> Execute(NodeContext context)
        {
            if (Count == 0)
            {
                return Sum;
            }
            var graph = context.NewGraph();
            var add = graph.Node("Add", ("a", Sum), ("b", Count));
            var next = graph.Node("Loop", ("count", Count - 1), ("sum", add.Out(0)));
            return NodeOutput<int>.ExpandTo(graph.Build(), next.Out(0));
        }
    }

    /// <summary>Odd numbers expand, even ones are returned; a list output comes from an inner node.</summary>
    [Node("Mixed")]
    [Output(0, Type = "*", Name = "value")]
    public sealed class Mixed : INode<NodeOutput<object?[]>>, IFingerprintedNode
    {
        [Input]
        public int Value { get; init; }

        public object? Fingerprint(NodeContext context) => 1;

        public NodeOutput<object?[]> Execute(NodeContext context)
        {
            if (Value % 2 == 0)
            {
                return new object?[] { Value };
            }
            var graph = context.NewGraph();
            var list = graph.Node("ListOf", ("count", Value));
            return NodeOutput<object?[]>.ExpandTo(graph.Build(), list.Out(0));
        }
    }

    [Node("ExpandsWithOutput")]
    [Output(0, Type = "*", Name = "value")]
    public sealed class ExpandsWithOutput : INode<NodeOutput<object?[]>>
    {
        [Input(Optional = true)]
        public int Value { get; init; }

        public NodeOutput<object?[]> Execute(NodeContext context)
        {
            var graph = context.NewGraph();
            var number = graph.Node("Number", ("value", Value));
            graph.Node("Show", ("value", number.Out(0)));
            return NodeOutput<object?[]>.Expand(graph.Build(), [number.Out(0)], UiOutput.Text("before"));
        }
    }

    [Node("ExpandsBadly")]
    [Output(0, Type = "*", Name = "value")]
    public sealed class ExpandsBadly : INode<NodeOutput<object?[]>>
    {
        [Choice("cycle", "duplicate", "unknown", "error", "missing", "sleep")]
        public string How { get; init; } = "cycle";

        public NodeOutput<object?[]> Execute(NodeContext context)
        {
            var graph = context.NewGraph();
            switch (How)
            {
                case "cycle":
                    var first = graph.Node("Add", ("a", 1));
                    var second = graph.Node("Add", ("a", first.Out(0)), ("b", 2));
                    first.Set("b", second.Out(0));
                    return NodeOutput<object?[]>.ExpandTo(graph.Build(), second.Out(0));
                case "duplicate":
                    return NodeOutput<object?[]>.ExpandTo(new([new GraphNode("1", "Number")]), 1);
                case "unknown":
                    return NodeOutput<object?[]>.ExpandTo(new([new GraphNode("x", "NoSuchNode")]), 1);
                case "error":
                    var failing = graph.Node("Fail", ("value", 1), ("text", "inside"));
                    return NodeOutput<object?[]>.ExpandTo(graph.Build(), failing.Out(0));
                case "missing":
                    var lone = graph.Node("Join");
                    return NodeOutput<object?[]>.ExpandTo(graph.Build(), lone.Out(0));
                default:
                    var naps = Enumerable
                        .Range(0, 3)
                        .Select(index => graph.Node("Sleep", ("value", index), ("milliseconds", 300), ("fails", false)))
                        .ToArray();
                    var sum = graph.Node("Add", ("a", naps[0].Out(0)), ("b", naps[1].Out(0)));
                    var all = graph.Node("Add", ("a", sum.Out(0)), ("b", naps[2].Out(0)));
                    return NodeOutput<object?[]>.ExpandTo(graph.Build(), all.Out(0));
            }
        }
    }

    [Node("MakeTracked")]
    public sealed class MakeTracked : INode<Tracked>
    {
        [Input]
        public int Number { get; init; }

        public Tracked Execute(NodeContext context) => new(Number);
    }

    [Node("NextTracked")]
    public sealed class NextTracked : INode<Tracked>
    {
        [Input]
        public required Tracked Tracked { get; init; }

        [Input(Optional = true)]
        public bool Passes { get; init; }

        public Tracked Execute(NodeContext context) => Passes ? Tracked : new(Tracked.Number + 1);
    }

    [Node("ExpandTracked")]
    public sealed class ExpandTracked : INode<NodeOutput<ValueTuple<Slot<Tracked>>>>
    {
        [Input]
        public int Number { get; init; }

        public NodeOutput<ValueTuple<Slot<Tracked>>> Execute(NodeContext context)
        {
            var graph = context.NewGraph();
            var next = graph.Node("NextTracked", ("tracked", new Tracked(Number)));
            return NodeOutput<ValueTuple<Slot<Tracked>>>.ExpandTo(graph.Build(), next.Out(0));
        }
    }

    [Node("ShowTracked", OutputNode = true)]
    public sealed class ShowTracked : INode<UiOutput>
    {
        [Input]
        public required Tracked Tracked { get; init; }

        [Input(Optional = true)]
        public bool Fails { get; init; }

        public UiOutput Execute(NodeContext context) =>
            Fails ? throw new InvalidOperationException("no show") : UiOutput.Text($"{Tracked.Number}");
    }

    [Node("WrongCount")]
    [Output(0, Type = "INT")]
    [Output(1, Type = "INT")]
    public sealed class WrongCount : INode<object?[]>
    {
        public object?[] Execute(NodeContext context) => [1];
    }
}
