namespace NodeHost.Tensors;

/// <summary>A number as operators take it: integer or floating, which decides type promotion as in PyTorch.</summary>
public readonly struct Scalar : IEquatable<Scalar>
{
    private readonly double _floating;
    private readonly long _integer;

    private Scalar(double floating, long integer, bool isInteger)
    {
        _floating = floating;
        _integer = integer;
        IsInteger = isInteger;
    }

    public bool IsInteger { get; }

    public static implicit operator Scalar(double value) => new(value, 0, false);

    public static implicit operator Scalar(long value) => new(0, value, true);

    public static implicit operator Scalar(int value) => new(0, value, true);

    public double ToDouble() => IsInteger ? _integer : _floating;

    public long ToInt64() => IsInteger ? _integer : (long)_floating;

    public bool Equals(Scalar other) => IsInteger == other.IsInteger && ToDouble().Equals(other.ToDouble());

    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    public override int GetHashCode() => ToDouble().GetHashCode();

    public static bool operator ==(Scalar left, Scalar right) => left.Equals(right);

    public static bool operator !=(Scalar left, Scalar right) => !left.Equals(right);
}
