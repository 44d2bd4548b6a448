using NodeHost.Tensors;

namespace NodeHost.TinyModels;

/// <summary>A compact Real-ESRGAN of scale 4 that adds a little noise to the nearest neighbours.</summary>
internal static class TinyUpscaler
{
    private const ulong Seed = 20261121;
    private const long Features = 8;
    private const long Outputs = 3 * 4 * 4;
    private const double Slope = 0.25;
    private const double LastScale = 0.05;

    public static string Save(string path)
    {
        using var generator = new Generator(Seed);
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor>();
        Layer(0, 3, Features, 1);
        Layer(2, Features, Features, 1);
        Layer(4, Features, Outputs, LastScale);
        return RandomWeights.Save(path, tensors);

        void Layer(int index, long inputs, long outputs, double scale)
        {
            var weight = Tensor.Randn([outputs, inputs, 3, 3], generator) * (scale / Math.Sqrt(inputs * 9));
            tensors[$"body.{index}.weight"] = weight.To(DType.Float16);
            tensors[$"body.{index}.bias"] = Tensor.Zeros([outputs], DType.Float16);
            if (outputs == Features)
            {
                tensors[$"body.{index + 1}.weight"] = Tensor.Full([outputs], Slope, DType.Float16);
            }
        }
    }
}
