namespace NodeHost.Tensors;

/// <summary>A value that refers to tensors, so that who keeps the value can keep (and later release) them.</summary>
public interface ITensorHolder
{
    /// <summary>Every tensor the value refers to; one may be named more than once.</summary>
    IEnumerable<Tensor> HeldTensors { get; }
}
