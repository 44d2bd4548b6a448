namespace NodeHost.Benchmarks.Prompts;

/// <summary>A sampling step of the tiny SD1.5, everything around the network included.</summary>
internal sealed class StepBenchmark : IBenchmark
{
    private const int Few = 10;
    private const int Many = 40;
    private const int Runs = 3;

    // ComfyUI 0.3.64, best of five tries, beside a matmul rate of up to 248.6 GFLOP/s.
    private const double Reference = 87.38;
    private const double ReferenceRate = 248.6;

    public string Name => "step_sd15_tiny";

    public string Description =>
        "tiny SD1.5, 128x128, euler, cfg 7: prompts of 40 and of 10 steps, the difference by 30";

    public IEnumerable<Measurement> Run()
    {
        using var host = new TinyHost();
        host.Render(Few, seed: 0);
        var seed = 1L;
        var few = double.MaxValue;
        var many = double.MaxValue;
        for (var run = 0; run < Runs; run++)
        {
            few = Math.Min(few, Timing.Of(() => host.Render(Few, seed++), 1, warmUp: 0).Best);
            many = Math.Min(many, Timing.Of(() => host.Render(Many, seed++), 1, warmUp: 0).Best);
        }
        var step = (many - few) / (Many - Few) * 1e3;
        var rate = MatmulBenchmark.Rate();
        yield return new Measurement("step", step, "ms")
        {
            Against = $"ComfyUI {Reference} ms at {ReferenceRate} GFLOP/s; here {rate:F0}",
        };
        yield return new Measurement("against ComfyUI, at its rate", Reference * ReferenceRate / rate / step, "x");
        yield return new Measurement("against ComfyUI, as it stands", Reference / step, "x");
    }
}
