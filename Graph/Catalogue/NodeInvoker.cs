using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>Calls a node without reflection, whatever its output type.</summary>
internal abstract class NodeInvoker
{
    public abstract bool IsAsync { get; }

    /// <summary>The node gives its outputs as <c>object?[]</c>; any other array is one value.</summary>
    public abstract bool ReturnsArray { get; }

    public abstract object? Execute(INode node, NodeContext context);

    public abstract Task<object?> ExecuteAsync(INode node, NodeContext context);

    public static NodeInvoker For(Type outputType, bool isAsync) =>
        (NodeInvoker)
            Activator.CreateInstance(
                (isAsync ? typeof(AsyncInvoker<>) : typeof(SyncInvoker<>)).MakeGenericType(outputType)
            )!;

    private static bool IsArray(Type outputType) =>
        outputType == typeof(object[]) || outputType == typeof(NodeOutput<object[]>);

    private sealed class SyncInvoker<TOutput> : NodeInvoker
    {
        public override bool IsAsync => false;

        public override bool ReturnsArray => IsArray(typeof(TOutput));

        public override object? Execute(INode node, NodeContext context) => ((INode<TOutput>)node).Execute(context);

        public override Task<object?> ExecuteAsync(INode node, NodeContext context) =>
            Task.FromResult(Execute(node, context));
    }

    private sealed class AsyncInvoker<TOutput> : NodeInvoker
    {
        public override bool IsAsync => true;

        public override bool ReturnsArray => IsArray(typeof(TOutput));

        public override object? Execute(INode node, NodeContext context) =>
            throw new InvalidOperationException("An asynchronous node is started, not called.");

        public override async Task<object?> ExecuteAsync(INode node, NodeContext context) =>
            await ((IAsyncNode<TOutput>)node).ExecuteAsync(context).ConfigureAwait(false);
    }
}
