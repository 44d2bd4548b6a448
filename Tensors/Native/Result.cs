namespace NodeHost.Tensors.Native;

/// <summary>One result of an operator; which member is set follows from the operator's schema.</summary>
internal struct Result
{
    public Tensor? Tensor;
    public Tensor[]? Tensors;
    public long[]? Integers;
    public Scalar Number;
}
