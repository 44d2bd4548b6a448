using System.Diagnostics.CodeAnalysis;

namespace NodeHost.Graph.Contracts;

/// <summary>What every node is; implement <see cref="INode{TOutput}"/> or <see cref="IAsyncNode{TOutput}"/>.</summary>
[SuppressMessage("Design", "CA1040", Justification = "The common type of two generic contracts.")]
public interface INode;

/// <summary>A node: its inputs are properties, its outputs what <see cref="Execute"/> returns.</summary>
/// <typeparam name="TOutput">
/// One value, a named tuple of values, <see cref="UiOutput"/> (nothing but a display), or <see cref="NodeOutput{TOutput}"/>
/// around any of these where a node may also display, expand or block. A list type makes a list output.
/// <c>object?[]</c> together with <see cref="OutputAttribute"/> for outputs only known at run time.
/// </typeparam>
public interface INode<TOutput> : INode
{
    TOutput Execute(NodeContext context);
}
