using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.FluxSpace;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using NodeHost.Tests.Nodes.EndToEnd;
using NodeHost.Tests.Nodes.Files;

namespace NodeHost.Tests.Nodes.FluxSpace;

public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolders _folders = new();
    private readonly TensorTestScope _scope = new();

    private NodeContext Context => new(new TestServices((typeof(IFolderPaths), _folders.Paths)));

    public void Dispose()
    {
        _scope.Dispose();
        _folders.Dispose();
    }

    [Fact]
    public void MeasurementReport_KnownCrossings_GivesTheWindowAndShowsIt()
    {
        // Peaks: 4 at scale 0, then max(|4 + 2s|, |-4 + 2s|): beyond 5.1 from s = 0.55 and from -0.55.
        Write("output/m/pair.npz", [4, -4], [2, 2]);

        var output = new FluxSpaceMeasurementReport
        {
            MeasurePath = "m/pair",
            IntactScales = "0, 0.5",
            CollapsedScales = "1",
        }.Execute(Context);

        var (lower, upper, suggested) = ((double, double, double))output.Values!;
        Assert.Equal((-0.55, 0.55), (lower, upper));
        Assert.Equal(0.3, suggested, 12);
        var ui = output.Ui!.ToJson();
        Assert.StartsWith("Safe scales: -0.55 to 0.55 (width 1.1)", (string)ui["text"]![0]!, StringComparison.Ordinal);
        Assert.Contains(
            "Your own limit: 1.25 tells 100 % of 3 scales rightly, 1.275 tells 100 %",
            (string)ui["text"]![0]!,
            StringComparison.Ordinal
        );
        var picture = ImageDecoder.DecodeFile(_folders.At($"temp/{ui["images"]![0]!["filename"]}")).Frames[0];
        Assert.Equal((960, 800), (picture.Width, picture.Height));
    }

    [Fact]
    public void MeasurementReport_ScalesThatCalmAttention_GiveNoLimitBelowOne()
    {
        // Peaks: |4 - 2s|; 3 at 0.5, 6 at -1.
        Write("output/pair.npz", [4, -4], [-2, 2]);

        var output = new FluxSpaceMeasurementReport
        {
            MeasurePath = "pair",
            IntactScales = "0.5",
            CollapsedScales = "-1",
        }.Execute(Context);

        Assert.Contains(
            "Your own limit: 1 tells 100 %",
            (string)output.Ui!.ToJson()["text"]![0]!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void MeasurementReport_Calibration_AddsItsColumns()
    {
        Write("output/pair.npz", [4, -4], [2, 2]);
        Write("output/a.npz", [4, -3], null);
        Write("output/b.npz", [2, -5], null);

        var output = new FluxSpaceMeasurementReport { MeasurePath = "pair.npz", CalibrationPaths = "a.npz\nb" }.Execute(
            Context
        );

        Assert.Contains("z max", (string)output.Ui!.ToJson()["text"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public void MeasurementReport_NoFile_SaysWhereItLooked()
    {
        var error = Assert.Throws<PathException>(() =>
            new FluxSpaceMeasurementReport { MeasurePath = "none.npz" }.Execute(Context)
        );

        Assert.Contains("'measure_path': there is no file 'none.npz'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprint_FileRewritten_Changes()
    {
        var node = new FluxSpaceMeasurementReport { MeasurePath = "pair.npz" };
        var before = node.Fingerprint(Context);
        Write("output/pair.npz", [4, -4], [2, 2]);

        Assert.NotEqual(before, node.Fingerprint(Context));
    }

    [Fact]
    public void ResponseReport_Pictures_MeasuresTheirChangeFromScaleZero()
    {
        // Grey levels 0.2, 0.3, 0.8 at scales -1 ... in another order: 0 is the second picture.
        var images = new Image(Tensor.From([0.8f, 0.2f, 0.3f], 3, 1, 1, 1));

        var output = new FluxSpaceResponseReport { Values = "1, 0, 0.5", Images = images }.Execute(Context);

        var (onset, tau, isSteady) = ((double, double, bool))output.Values!;
        Assert.Equal((0.75, 1.0, true), (onset, tau, isSteady));
        Assert.Single(output.Ui!.ToJson()["images"]!);
    }

    [Fact]
    public void ResponseReport_Table_ReportsEveryChannel()
    {
        var output = new FluxSpaceResponseReport
        {
            Table =
                "seed,mix_b,smile,jaw\na,0,0.1,0\na,0.4,0.2,0\na,0.5,0.8,0.1\nb,0,0.1,0\nb,0.4,0.1,0.2\nb,0.5,0.6,0",
        }.Execute(Context);

        Assert.Equal(0.45, (((double, double, bool))output.Values!).Item1, 12);
        Assert.Contains("\njaw ", (string)output.Ui!.ToJson()["text"]![0]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0, 1")]
    [InlineData("")]
    public void ResponseReport_CountsDiffer_SaysSo(string values)
    {
        var images = new Image(Tensor.From([0.8f, 0.2f, 0.3f], 3, 1, 1, 1));

        var error = Assert.Throws<ArgumentException>(() =>
            new FluxSpaceResponseReport { Values = values, Images = images }.Execute(Context)
        );

        Assert.Contains("got 3 pictures", error.Message, StringComparison.Ordinal);
    }

    private void Write(string path, float[] attention, float[]? pull)
    {
        NumpyArchive.Write(
            _folders.At(path),
            [
                ("step_keys", NumpyArray.Of([3L])),
                ("block_keys", NumpyArray.Of(["double_0"])),
                ("attn_base", NumpyArray.Of(attention, 1, 1, attention.Length)),
                ("attn_base_fro", NumpyArray.Of([5f], 1, 1)),
                .. pull is null ? [] : new[] { ("delta_mix", NumpyArray.Of(pull, 1, 1, pull.Length)) },
            ]
        );
    }
}
