using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Models;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Networks;

[AssertNoLeakedTensors]
public sealed class UNetHookTests
{
    [GoldenFact]
    public void Forward_WithHook_VisitsEverySiteInOrder()
    {
        var hook = new Recorder();

        Forward(hook, default);

        string[] blocks = ["input_1", "input_2", "input_4", "input_5", "input_7", "input_8", "middle_0"];
        var expected = blocks
            .Concat(Enumerable.Range(3, 9).Select(index => $"output_{index}"))
            .SelectMany(block => new[] { $"{block}_attn1", $"{block}_attn2" });
        Assert.Equal(expected, hook.Seen.Select(site => site.Name));
        Assert.All(hook.Seen, site => Assert.Equal(site.Block == "middle" ? 1 : 12, site.TotalBlocks));
    }

    [GoldenFact]
    public void Forward_Cancelled_StopsBetweenBlocks()
    {
        using var cancellation = new CancellationTokenSource();
        var hook = new Recorder { OnFourth = cancellation.Cancel };

        Assert.Throws<OperationCanceledException>(() => Forward(hook, cancellation.Token));

        // The block that was running ends; no further one begins.
        Assert.Equal(4, hook.Seen.Count);
    }

    private static void Forward(Recorder hook, CancellationToken cancellation)
    {
        using var store = GoldenStore.Open();
        using var scope = new TensorScope();
        using var golden = new GoldenTensors("public/forward/unet_sd15_0.safetensors");
        var network = store.LoadCheckpoint(GoldenStore.Checkpoint("tiny-sd15")).Model.Source.Load([]);
        var step = new ForwardStep { Sigma = 1, Cancellation = cancellation };
        using var active = new AttentionHooks([hook], step).Activate();
        network.Forward(golden["x"], golden["timesteps"], new NetworkInput { Context = golden["context"] });
    }

    private sealed class Recorder : IAttentionHook
    {
        public List<AttentionSite> Seen { get; } = [];

        public Action? OnFourth { get; init; }

        public Tensor Apply(in AttentionOutput output)
        {
            Seen.Add(output.Site);
            var sources = Assert.IsType<AttentionInputs>(output.Inputs).Value;
            Assert.Equal(output.Value.Length(2), sources.Length(2));
            Assert.True(output.Site.Layer == "attn2" || output.Value.Length(1) == sources.Length(1));
            if (Seen.Count == 4)
            {
                OnFourth?.Invoke();
            }
            return output.Value;
        }
    }
}
