using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>Tensors of a golden file, and the comparison the golden README asks for.</summary>
internal sealed class GoldenTensors : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly SafetensorsFile _file;

    public GoldenTensors(string relative) => _file = SafetensorsFile.Open(Golden.PathOf(relative));

    public Tensor this[string key] => _file.Load(key);

    public bool Contains(string key) => _file.Contains(key);

    public void AssertClose(string key, Tensor actual)
    {
        var expected = this[key];
        Assert.Equal(expected.Shape.ToArray(), actual.Shape.ToArray());
        var difference = (actual - expected).Abs().Max().Item();
        var deviation = expected.Std().Item();
        Assert.True(
            difference <= Tolerance * deviation,
            $"{key}: largest difference {difference:G3} is {difference / deviation:G3} standard deviations."
        );
    }

    public void Dispose() => _file.Dispose();
}
