using Newtonsoft.Json.Linq;
using NodeHost.Graph.Caching;
using NodeHost.Graph.Events;

namespace NodeHost.Graph.Tests.Execution;

/// <summary>What must hold for every graph, tried on random ones.</summary>
public sealed class RandomGraphTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Run_RandomGraph_RunsWhatIsNeededOnceInOrderAndAgrees(int seed)
    {
        var random = new Random(seed);
        var (prompt, values, needed) = Build(random);
        using var harness = new ExecutorHarness(lifetime =>
            (seed % 4) switch
            {
                0 => new NoCache(),
                1 => new ClassicCache(lifetime),
                2 => new LruCache(lifetime, 5),
                _ => new ByteBudgetCache(lifetime, 20_000),
            }
        );

        for (var round = 0; round < 2; round++)
        {
            var result = await harness.RunAsync(prompt);

            Assert.All(result.Displays, shown => Assert.Equal($"{values[shown.NodeId]}", shown.Output["text"]![0]));
            Assert.Equal(result.Request.Outputs.Order(), result.Displays.Select(shown => shown.NodeId).Order());
            AssertOrder(prompt, harness.Events, needed);
        }
        Assert.Equal(0, harness.Lifetime.Held);
    }

    private static (TestPrompt Prompt, Dictionary<string, long> Values, HashSet<string> Needed) Build(Random random)
    {
        var prompt = new TestPrompt();
        var values = new Dictionary<string, long>();
        var needed = new HashSet<string>();
        var count = random.Next(5, 60);
        for (var index = 0; index < count; index++)
        {
            var id = $"n{index}";
            var (a, first) = Operand();
            var (b, second) = Operand();
            prompt.AddAs(id, random.Next(5) == 0 ? "SlowAdd" : "Add", ("a", a), ("b", b));
            values[id] = first + second;
        }
        foreach (var index in Enumerable.Range(0, count).Where(_ => random.Next(4) == 0).Append(count - 1).Distinct())
        {
            prompt.AddAs($"show{index}", "Show", ("value", new JArray($"n{index}", 0)));
            values[$"show{index}"] = values[$"n{index}"];
            Need($"show{index}");
        }
        return (prompt, values, needed);

        (object Input, long Value) Operand()
        {
            if (values.Count == 0 || random.Next(3) == 0)
            {
                var constant = random.Next(10);
                return (constant, constant);
            }
            var id = $"n{random.Next(values.Count)}";
            return (new JArray(id, 0), values[id]);
        }

        void Need(string id)
        {
            if (needed.Add(id))
            {
                foreach (var upstream in LinksOf(prompt, id))
                {
                    Need(upstream);
                }
            }
        }
    }

    private static void AssertOrder(TestPrompt prompt, EventRecorder events, HashSet<string> needed)
    {
        var started = new HashSet<string>();
        var finished = new HashSet<string>();
        foreach (var happened in events.Events)
        {
            if (happened is NodeExecuting { NodeId: var id })
            {
                Assert.True(started.Add(id), $"{id} ran twice");
                Assert.Contains(id, needed);
                Assert.All(
                    LinksOf(prompt, id).Except(events.Cached),
                    upstream => Assert.True(finished.Contains(upstream), $"{id} ran before {upstream}")
                );
            }
            else if (happened is ProgressStateChanged { Nodes: var nodes })
            {
                finished.UnionWith(nodes.Values.Where(node => node.State == "finished").Select(node => node.NodeId));
            }
        }
    }

    private static IEnumerable<string> LinksOf(TestPrompt prompt, string id) =>
        ((JObject)prompt.Json[id]!["inputs"]!).PropertyValues().OfType<JArray>().Select(link => (string)link[0]!);
}
