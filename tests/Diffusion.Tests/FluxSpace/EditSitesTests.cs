using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>Which tokens and layers an edit reaches, and that it leaves the others alone.</summary>
[AssertNoLeakedTensors]
public sealed class EditSitesTests : IDisposable
{
    private readonly TinyFlux _flux = new();

    public void Dispose() => _flux.Dispose();

    [Fact]
    public void Tokens_OfTextAndImage_AreEditedApart()
    {
        var slot = TinyFlux.Slot(_flux.A, _flux.B, 1);
        float[] Run(EditTokens tokens) =>
            _flux.Sample(
                new FluxSpaceEditor
                {
                    Name = "Edit",
                    Slots = [slot],
                    Tokens = tokens,
                }.ApplyTo(_flux.Model),
                1
            );

        var (all, image, text) = (Run(EditTokens.All), Run(EditTokens.Image), Run(EditTokens.Text));
        Assert.NotEqual(all, image);
        Assert.NotEqual(all, text);
        Assert.NotEqual(image, text);
    }

    [Theory]
    [InlineData(EditTokens.Text)]
    [InlineData(EditTokens.Image)]
    public void Tokens_ThatAreNotEdited_ComeOutOfTheFirstSiteAsTheyWere(EditTokens tokens)
    {
        var editor = new FluxSpaceEditor
        {
            Name = "Edit",
            Slots = [TinyFlux.Slot(_flux.A, _flux.B, 1)],
            Tokens = tokens,
        };
        using var scope = new TensorScope();
        var (before, after) = (new FirstSite(), new FirstSite());
        _flux.Sample(editor.ApplyTo(_flux.Model) with { AttentionHooks = [before, editor.Place, after] }, 1);
        // The prompts' pass comes first, the base's last.
        var changed = (after.Last! - before.Last!).Abs().Max([2]).ToArray<float>().Select(change => change > 0);

        var isImage = Enumerable.Range(0, changed.Count()).Select(token => token >= TinyFlux.TextTokens);
        Assert.Equal(isImage.Select(image => image == (tokens == EditTokens.Image)), changed);
        before.Last!.Dispose();
        after.Last!.Dispose();
    }

    [Fact]
    public void Hooks_OfAnEdit_RunInTheOrderOfTheNodes()
    {
        // A hook of a node in front sees the first site as it is without the edit, one of a node behind sees it steered.
        var (alone, front, behind) = (new FirstSite(), new FirstSite(), new FirstSite());
        using var scope = new TensorScope();
        _flux.Sample(_flux.Model with { AttentionHooks = [alone] }, 1);
        var edited = new FluxSpaceEditor { Name = "Edit", Slots = [TinyFlux.Slot(_flux.A, _flux.B, 1)] }.ApplyTo(
            _flux.Model with
            {
                AttentionHooks = [front],
            }
        );
        _flux.Sample(edited with { AttentionHooks = [.. edited.AttentionHooks, behind] }, 1);

        Assert.True(alone.Last!.IsEqualTo(front.Last!));
        Assert.False(alone.Last!.IsEqualTo(behind.Last!));
        foreach (var site in new[] { alone, front, behind })
        {
            site.Last!.Dispose();
        }
    }

    [Fact]
    public void DoubleBlocksOnly_SingleBlocks_AreNeitherSeenNorSteered()
    {
        using var scope = new TensorScope();
        var editor = new FluxSpaceEditor
        {
            Name = "Edit",
            Slots = [TinyFlux.Slot(_flux.A, _flux.B, 1)],
            Sites = new EditSites(DoubleBlocksOnly: true),
        };
        var changed = new HashSet<string>();
        var before = new FirstSite();
        var after = new Watcher(output =>
        {
            if (output.Step.Pass is not null && (output.Value - before.Current!).Abs().Max().Item() > 0)
            {
                changed.Add(output.Site.Name);
            }
        });
        _flux.Sample(editor.ApplyTo(_flux.Model) with { AttentionHooks = [before, editor.Place, after] }, 1);

        Assert.Equal(["double_0", "double_1"], changed.Order());
        Assert.Equal(["capture 1a", "capture 1b", "steer"], _flux.Modes);
        before.Last!.Dispose();
    }

    /// <summary>Keeps what the first layer gave in the last pass, and refers to what the last layer gave.</summary>
    private sealed class FirstSite : IAttentionHook
    {
        public Tensor? Last { get; private set; }

        public Tensor? Current { get; private set; }

        public Tensor Apply(in AttentionOutput output)
        {
            Current = output.Value;
            if (output.Site.Name == "double_0")
            {
                Last?.Dispose();
                Last = output.Value.Clone().Retain();
            }
            return output.Value;
        }
    }

    private sealed class Watcher(Action<AttentionOutput> watch) : IAttentionHook
    {
        public Tensor Apply(in AttentionOutput output)
        {
            watch(output);
            return output.Value;
        }
    }
}
