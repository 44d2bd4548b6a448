using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Latents;
using NodeHost.Tensors;
using static NodeHost.Tests.Nodes.Images.Planes;

namespace NodeHost.Tests.Nodes.Latents;

/// <summary>Latent operations against their formulas written out place by place.</summary>
public sealed class LatentOperationTests : IDisposable
{
    private const int Height = 9;
    private const int Width = 12;

    private readonly NodeContext _context = new();
    private readonly TensorTestScope _scope = new();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, 1.0, 0.1)]
    [InlineData(3, 0.5, 1.5)]
    public void LatentOperationSharpen_Latent_IsUnsharpMaskingOfDirections(int radius, double sigma, double alpha)
    {
        var latent = Latent(4);
        var actual = new LatentOperationSharpen
        {
            SharpenRadius = radius,
            Sigma = sigma,
            Alpha = alpha,
        }
            .Execute(_context)
            .Apply(latent);

        var values = latent.ToArray<float>();
        double Value(int channel, int y, int x) => values[(((channel * Height) + y) * Width) + x];
        double Length(int y, int x) => Math.Sqrt(Enumerable.Range(0, 2).Sum(c => Math.Pow(Value(c, y, x), 2))) + 1e-6;
        // A Gaussian whose width of 2 is the whole window.
        double Bell((int Y, int X) o) =>
            Math.Exp(-((o.Y * o.Y) + (o.X * o.X)) / (double)(radius * radius) / (2 * sigma * sigma));
        var sum = Around(radius).Sum(Bell);
        for (var channel = 0; channel < 2; channel++)
        {
            var expected = new double[Height, Width];
            Fill(
                expected,
                (y, x) =>
                {
                    double Direction(int row, int column)
                    {
                        var (r, c) = (Mirror(row, Height), Mirror(column, Width));
                        return Value(channel, r, c) / Length(r, c);
                    }
                    var blurred = Around(radius).Sum(o => Bell(o) / sum * Direction(y + o.Y, x + o.X));
                    return Length(y, x) * (Direction(y, x) + (10 * alpha * (Direction(y, x) - blurred)));
                }
            );
            var part = new double[Height, Width];
            var given = actual.Select(1, channel).ToArray<float>();
            Fill(part, (y, x) => given[(y * Width) + x]);
            AssertSame(expected, part, 1e-4);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.2)]
    public void LatentOperationTonemapReinhard_Lengths_FollowTheCurve(double multiplier)
    {
        var latent = Latent(5);

        var actual = new LatentOperationTonemapReinhard { Multiplier = multiplier }
            .Execute(_context)
            .Apply(latent);

        var values = latent.ToArray<float>();
        const int Places = Height * Width;
        double[] lengths =
        [
            .. Enumerable
                .Range(0, Places)
                .Select(place => Math.Sqrt(Math.Pow(values[place], 2) + Math.Pow(values[place + Places], 2))),
        ];
        var mean = lengths.Average();
        var deviation = Math.Sqrt(lengths.Sum(length => Math.Pow(length - mean, 2)) / (Places - 1));
        var top = (mean + (5 * deviation)) * multiplier;
        float[] expected = [.. values.Select((value, index) => (float)(value * top / (lengths[index % Places] + top)))];
        Close(expected, actual.ToArray<float>());
    }

    private static Tensor Latent(ulong seed)
    {
        using var generator = new Generator(seed);
        return Tensor.Randn([1, 2, Height, Width], generator);
    }
}
