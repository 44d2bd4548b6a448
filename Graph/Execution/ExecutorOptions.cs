using Newtonsoft.Json.Linq;
using NodeHost.Graph.Caching;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>What the host supplies to an executor.</summary>
public sealed record ExecutorOptions
{
    /// <summary>What nodes get from <see cref="NodeContext.Get{TService}"/>.</summary>
    public IServiceProvider Services { get; init; } = EmptyServices.Instance;

    /// <summary>Belongs to this executor alone; it is disposed with it.</summary>
    public IResultCache? Cache { get; init; }

    public IValueLifetime Lifetime { get; init; } = UncountedLifetime.Instance;

    /// <summary>Opened around every call into a node that does not wait.</summary>
    public INodeScope? Scope { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Tells which exceptions mean that memory ran out.</summary>
    public Func<Exception, bool> IsOutOfMemory { get; init; } = error => error is OutOfMemoryException;

    /// <summary>What clients are told as <c>exception_type</c>; null means the .NET name. ComfyUI's are Python's: <c>RuntimeError</c>.</summary>
    public Func<Exception, string?> ExceptionTypeOf { get; init; } = _ => null;

    /// <summary>What clients are told as <c>exception_message</c>; null means the exception's own message.</summary>
    public Func<Exception, string?> ExceptionMessageOf { get; init; } = _ => null;

    /// <summary>How error reports show a value that is no number or text; null means its own text.</summary>
    public Func<object, string?> TextOfValue { get; init; } = _ => null;

    /// <summary>What the nodes of one run get instead of <see cref="Services"/>, by what the client sent along; null means no difference.</summary>
    public Func<JObject, IServiceProvider?> ServicesFor { get; init; } = _ => null;

    /// <summary>Called when memory ran out, after the run's own values were released; adds its text to the error.</summary>
    public Func<string?>? OnOutOfMemory { get; init; }
}
