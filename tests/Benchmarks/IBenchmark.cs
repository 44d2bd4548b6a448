namespace NodeHost.Benchmarks;

/// <summary>Something that is measured: <c>./bench NAME</c> runs it alone.</summary>
internal interface IBenchmark
{
    string Name { get; }

    /// <summary>What is measured, in one line.</summary>
    string Description { get; }

    IEnumerable<Measurement> Run();
}
