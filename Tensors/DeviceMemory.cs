namespace NodeHost.Tensors;

/// <summary>Bytes of a device's memory: what libtorch uses and keeps (-1 where it does not tell), what is free, and all of it.</summary>
public readonly record struct DeviceMemory(long Allocated, long Reserved, long Free, long Total);
