using NodeHost.Graph.Events;

namespace NodeHost.Benchmarks.Prompts;

/// <summary>From the start of the process to the first finished sampling step.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    public const string Child = "--first-step";

    private const int Runs = 5;

    public string Name => "start";

    public string Description =>
        "from process start to the first step of a tiny SD1.5 prompt (libtorch, catalogue, model, text)";

    public IEnumerable<Measurement> Run()
    {
        var seconds = Enumerable.Range(0, Runs).Select(_ => SelfProcess.ReadLine(Child).Seconds).Order().ToArray();
        yield return new Measurement("first step, best", seconds[0], "s");
        yield return new Measurement("first step, median", seconds[Runs / 2], "s")
        {
            Against = "ComfyUI: 7.2 s until its server answers",
        };
    }

    /// <summary>The part that runs in a process of its own.</summary>
    public static void RunChild()
    {
        using var host = new TinyHost();
        host.Render(2, seed: 0, new FirstStep());
    }

    private sealed class FirstStep : IExecutionEvents
    {
        private bool _seen;

        public void Publish(ExecutionEvent happened)
        {
            if (happened is NodeProgressed && !_seen)
            {
                _seen = true;
                Console.WriteLine("first step");
            }
        }
    }
}
