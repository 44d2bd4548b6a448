using NodeHost.Tensors;

namespace NodeHost.Diffusion.Saving;

/// <summary>A tensor to be written: its key and header now, its numbers when its turn comes.</summary>
/// <param name="Key">What the file will call it.</param>
/// <param name="DType">Its type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Read">Its numbers; they belong to the current scope.</param>
public sealed record SavedWeight(string Key, DType DType, IReadOnlyList<long> Shape, Func<Tensor> Read);
