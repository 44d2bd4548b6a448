namespace NodeHost.Tensors;

/// <summary>Device memory in bytes: held by tensors, held by the allocator, free and total on the card.</summary>
public readonly record struct CudaMemory(long Allocated, long Reserved, long Free, long Total);
