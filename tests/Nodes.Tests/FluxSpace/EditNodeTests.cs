using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.FluxSpace;
using NodeHost.Tensors;
using NodeHost.Tests.Nodes.EndToEnd;

namespace NodeHost.Tests.Nodes.FluxSpace;

public sealed class EditNodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TensorScope _scope = new();
    private readonly Warnings _warnings = new();
    private readonly DiffusionModel _model = new()
    {
        Source = new NoSource(),
        Sampling = new FluxModelSampling(),
        LatentFormat = LatentFormat.Flux,
    };

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Pair_ScaleZero_IsTheModelItself() => Assert.Same(_model, Pair(_model, 0).Execute(Context()));

    [Fact]
    public void Pair_ScaleZeroWithAMeasurement_MeasuresTheBase()
    {
        var edited = Pair(_model, 0, "run").Execute(Context());
        var editor = Assert.IsType<FluxSpaceEditor>(edited.Wrapper);

        Assert.Empty(editor.Slots);
        Assert.Equal(Path.Combine(_folder.Path, "output", "run.npz"), editor.Measurement!.Path);
    }

    [Fact]
    public void Multi_WithoutALiveSlot_IsTheModelItself()
    {
        var node = new FluxSpaceEditPairMulti
        {
            Model = _model,
            A1 = Prompt(),
            B1 = Prompt(),
            A2 = Prompt(),
            Scale2 = 0.5,
        };

        Assert.Same(_model, node.Execute(Context()));
        Assert.Contains("slot 2", Assert.Single(_warnings.All), StringComparison.Ordinal);
        Assert.Contains("edit_cond_b_2", _warnings.All[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Multi_Slots_KeepTheirNumbers()
    {
        var node = new FluxSpaceEditPairMulti
        {
            Model = _model,
            A2 = Prompt(),
            B2 = Prompt(),
            Scale2 = 0.5,
            A4 = Prompt(),
            B4 = Prompt(),
            Scale4 = -0.25,
        };
        var editor = Assert.IsType<FluxSpaceEditor>(node.Execute(Context()).Wrapper);

        Assert.Equal([(2, 0.5), (4, -0.25)], editor.Slots.Select(slot => (slot.Number, slot.Scale)));
    }

    [Fact]
    public void Pair_BehindAnotherEdit_TakesItsPlaceAndSaysSo()
    {
        var upstream = Pair(_model, 0.5).Execute(Context("8"));
        var both = Pair(upstream, 0.25).Execute(Context("9"));

        Assert.Equal(0.25, Assert.IsType<FluxSpaceEditor>(both.Wrapper).Slots[0].Scale);
        var warning = Assert.Single(_warnings.All);
        Assert.Contains("FluxSpaceEditPair #9", warning, StringComparison.Ordinal);
        Assert.Contains("FluxSpaceEditPair #8", warning, StringComparison.Ordinal);
        Assert.Contains("FluxSpaceEditPairMulti", warning, StringComparison.Ordinal);
        Assert.Same(upstream, Pair(upstream, 0).Execute(Context()));
    }

    [Fact]
    public void Edit_Model_HoldsThePromptsTensors()
    {
        var prompt = Prompt();
        var edited = new FluxSpaceEdit { Model = _model, EditConditioning = prompt }.Execute(Context());

        Assert.Contains(prompt.Entries[0].Context, edited.HeldTensors);
    }

    [Fact]
    public void MeasurePath_OutsideTheOutputFolder_IsRefused()
    {
        var error = Assert.Throws<PathException>(() => Pair(_model, 0.5, "../../elsewhere.npz").Execute(Context("8")));

        Assert.Contains("FluxSpaceEditPair #8, input 'measure_path'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MeasurePath_OfAPickle_SaysWhereTheMeasurementGoes()
    {
        var edited = Pair(_model, 0.5, "runs/smile.pkl").Execute(Context("8"));

        Assert.EndsWith(
            Path.Combine("runs", "smile.pkl.npz"),
            Assert.IsType<FluxSpaceEditor>(edited.Wrapper).Measurement!.Path,
            StringComparison.Ordinal
        );
        Assert.Contains("goes to 'runs/smile.pkl.npz'", Assert.Single(_warnings.All), StringComparison.Ordinal);
    }

    [Fact]
    public void ConditioningEdit_EmptyPathOrNoStrength_IsTheConditioningItself()
    {
        var prompt = Prompt();

        Assert.Same(prompt, new ApplyConditioningEdit { Conditioning = prompt, Strength = 1 }.Execute(Context()));
        Assert.Same(
            prompt,
            new ApplyConditioningEdit { Conditioning = prompt, EditNpzPath = "x.npz" }.Execute(Context())
        );
    }

    [Fact]
    public void ConditioningEdit_AnyStrength_MovesEveryTokenAndThePooledVectorOfEveryEntry()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "input"));
        NumpyArchive.Write(
            Path.Combine(_folder.Path, "input", "edit.npz"),
            [("seq_delta", NumpyArray.Of([1f, -2, 3, 0], 4)), ("pooled_delta", NumpyArray.Of([10f, -20], 2))]
        );
        ConditioningEntry Entry(float value) =>
            new() { Context = Tensor.Full([1, 2, 4], value), Pooled = Tensor.Full([1, 2], value) };
        var moved = new ApplyConditioningEdit
        {
            Conditioning = new([Entry(1), Entry(2)]),
            EditNpzPath = "edit.npz",
            Strength = -0.5,
        }.Execute(Context());

        Assert.Equal([0.5f, 2, -0.5f, 1, 0.5f, 2, -0.5f, 1], moved.Entries[0].Context.ToArray<float>());
        Assert.Equal([-3f, 12], moved.Entries[1].Pooled!.ToArray<float>());
    }

    [Fact]
    public void ConditioningEdit_OtherWidth_NamesBoth()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "input"));
        NumpyArchive.Write(
            Path.Combine(_folder.Path, "input", "edit.npz"),
            [("seq_delta", NumpyArray.Of(new float[3], 3))]
        );
        var node = new ApplyConditioningEdit
        {
            Conditioning = Prompt(),
            EditNpzPath = "edit.npz",
            Strength = 1,
        };

        var error = Assert.Throws<FluxSpaceException>(() => node.Execute(Context()));
        Assert.Contains(
            "seq_delta has 3 values, and the prompt's vectors have 4",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Direction_ForALayerTheModelLacks_IsRefused()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "input"));
        NumpyArchive.Write(
            Path.Combine(_folder.Path, "input", "delta.npz"),
            [("delta", NumpyArray.Of(new float[3], 3))]
        );
        var node = new FluxSpaceEditDirect
        {
            Model = _model,
            DeltaNpzPath = "delta.npz",
            Blocks = "single_34",
        };

        var error = Assert.Throws<FluxSpaceException>(() => node.Execute(Context("8")));
        Assert.Contains("single_34", error.Message, StringComparison.Ordinal);
        Assert.Contains("no Flux model", error.Message, StringComparison.Ordinal);
    }

    private static FluxSpaceEditPair Pair(DiffusionModel model, double scale, string measurePath = "") =>
        new()
        {
            Model = model,
            EditConditioningA = Prompt(),
            EditConditioningB = Prompt(),
            Scale = scale,
            MeasurePath = measurePath,
        };

    private static Conditioning Prompt() => new([new() { Context = Tensor.Zeros([1, 2, 4]) }]);

    private NodeContext Context(string id = "1")
    {
        var paths = new FolderPaths(
            new FolderPathsOptions
            {
                ModelRoots = [],
                InputDirectories = [Path.Combine(_folder.Path, "input")],
                OutputDirectory = Path.Combine(_folder.Path, "output"),
                TempDirectory = Path.Combine(_folder.Path, "temp"),
            }
        );
        return new NodeContext(id, "", 0, new TestServices((typeof(IFolderPaths), paths)), _warnings, default);
    }

    private sealed class NoSource : INetworkSource
    {
        public string Name => "nothing";

        public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => throw new NotSupportedException();
    }

    private sealed class Warnings : INodeReporter
    {
        public List<string> All { get; } = [];

        public void Warn(string nodeId, string message) => All.Add(message);

        public void Progress(string nodeId, double value, double total, NodePreview? preview) { }

        public void Text(string nodeId, string text) { }
    }
}
