using System.Runtime.CompilerServices;
using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>An ATen operator, looked up once by name and overload and then called through libtorch's dispatcher.</summary>
public sealed class Operator
{
    private readonly string _name;
    private readonly string _overload;
    private nint _handle;
    private volatile bool _looked;

    /// <param name="name">Qualified name, e.g. <c>aten::add</c>.</param>
    /// <param name="overload">Overload, e.g. <c>Tensor</c>; empty for the only or default one.</param>
    public Operator(string name, string overload = "")
    {
        Name = overload.Length == 0 ? name : $"{name}.{overload}";
        _name = name;
        _overload = overload;
    }

    /// <summary>Name with overload, as errors show it.</summary>
    public string Name { get; }

    /// <summary>Whether this libtorch has the operator: callers fall back where an older one lacks it.</summary>
    public bool Exists => (_looked ? _handle : Find()) != 0;

    internal nint Handle =>
        Exists ? _handle : throw new TensorException(Name, $"libtorch {TorchRuntime.Version} has no such operator", "");

    /// <summary>Calls an operator that returns one tensor; trailing arguments left out take the schema's defaults.</summary>
    [SkipLocalsInit]
    public Tensor Call(Argument a)
    {
        ArgumentBuffer.Open(out var buffer);
        buffer.Add(a);
        return Tensor.Own(NativeTensor.CallForHandle(this, buffer.Arguments));
    }

    [SkipLocalsInit]
    public Tensor Call(Argument a, Argument b)
    {
        ArgumentBuffer.Open(out var buffer);
        buffer.Add(a);
        buffer.Add(b);
        return Tensor.Own(NativeTensor.CallForHandle(this, buffer.Arguments));
    }

    [SkipLocalsInit]
    public Tensor Call(Argument a, Argument b, Argument c)
    {
        ArgumentBuffer.Open(out var buffer);
        buffer.Add(a);
        buffer.Add(b);
        buffer.Add(c);
        return Tensor.Own(NativeTensor.CallForHandle(this, buffer.Arguments));
    }

    [SkipLocalsInit]
    public Tensor Call(
        Argument a,
        Argument b,
        Argument c,
        Argument d,
        Argument e = default,
        Argument f = default,
        Argument g = default,
        Argument h = default,
        Argument i = default
    )
    {
        ArgumentBuffer.Open(out var buffer);
        Fill(ref buffer, a, b, c, d, e, f, g, h, i);
        return Tensor.Own(NativeTensor.CallForHandle(this, buffer.Arguments));
    }

    /// <summary>Calls an operator for its effect (in place, or into an output) and drops what it returns.</summary>
    [SkipLocalsInit]
    public void Run(Argument a, Argument b = default, Argument c = default, Argument d = default, Argument e = default)
    {
        ArgumentBuffer.Open(out var buffer);
        Fill(ref buffer, a, b, c, d, e);
        NativeTensor.Call(this, buffer.Arguments, []);
    }

    /// <summary>Calls an operator that returns several tensors, or a list of them.</summary>
    [SkipLocalsInit]
    public Tensor[] CallForTensors(
        Argument a,
        Argument b = default,
        Argument c = default,
        Argument d = default,
        Argument e = default,
        Argument f = default
    )
    {
        ArgumentBuffer.Open(out var buffer);
        Fill(ref buffer, a, b, c, d, e, f);
        Span<Result> results = new Result[8];
        var produced = NativeTensor.Call(this, buffer.Arguments, results);
        if (produced == 1 && results[0].Tensors is { } list)
        {
            return list;
        }
        var tensors = new Tensor[produced];
        for (var index = 0; index < produced; index++)
        {
            tensors[index] =
                results[index].Tensor ?? throw new TensorException(Name, $"result {index} is not a tensor", "");
        }
        return tensors;
    }

    /// <summary>Calls an operator that returns a number or truth value.</summary>
    [SkipLocalsInit]
    public Scalar CallForScalar(Argument a, Argument b = default, Argument c = default)
    {
        ArgumentBuffer.Open(out var buffer);
        Fill(ref buffer, a, b, c);
        Span<Result> results = new Result[1];
        NativeTensor.Call(this, buffer.Arguments, results);
        return results[0].Number;
    }

    // Two threads may both look; they find the same operator.
    private nint Find()
    {
        _handle = TorchLibrary.FindOperator(_name, _overload);
        _looked = true;
        return _handle;
    }

    private static void Fill(
        ref ArgumentBuffer buffer,
        scoped in Argument a,
        scoped in Argument b = default,
        scoped in Argument c = default,
        scoped in Argument d = default,
        scoped in Argument e = default,
        scoped in Argument f = default,
        scoped in Argument g = default,
        scoped in Argument h = default,
        scoped in Argument i = default
    )
    {
        buffer.Add(a);
        buffer.Add(b);
        buffer.Add(c);
        buffer.Add(d);
        buffer.Add(e);
        buffer.Add(f);
        buffer.Add(g);
        buffer.Add(h);
        buffer.Add(i);
    }
}
