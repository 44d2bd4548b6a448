using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Saving;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Merging;

/// <summary>Two small SDXL checkpoints of different numbers, and a folder for what is written.</summary>
internal sealed class TwoModels : IDisposable
{
    public const string Unet = "model.diffusion_model.";

    private static readonly SdxlShapes.UNet Net = new()
    {
        Channels = 32,
        Multipliers = [1, 1],
        ResBlocks = 1,
        Depths = [0, 1],
        MiddleDepth = 1,
        Context = 64,
        Vector = (6 * 256) + 32,
        Embedding = 32,
    };

    private readonly TemporaryFolder _folder = new();

    public TwoModels()
    {
        First = Store.LoadCheckpoint(Write("first", 1, DType.Float32));
        Second = Store.LoadCheckpoint(Write("second", 2, DType.Float16));
    }

    public ModelStore Store { get; } =
        new(new() { Tokenizers = new TokenizerLocator([Repository.Model("tokenizers")]) });

    public LoadedCheckpoint First { get; }

    public LoadedCheckpoint Second { get; }

    public string PathOf(string name) => Path.Combine(_folder.Path, $"{name}.safetensors");

    public string Write(string name, ulong seed, DType dtype, params string[] marks)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(seed);
        var shapes = SdxlShapes
            .Of(Net)
            .Concat(SdxlShapes.ClipL(32, 2, 1000))
            .Concat(SdxlShapes.ClipG(32, 2, 1000))
            .Concat(SdxlShapes.Autoencoder(32, 2, 1));
        var tensors = shapes.ToDictionary(
            entry => entry.Key,
            entry => (Tensor.Randn(entry.Value, generator) * 0.1).To(dtype)
        );
        foreach (var mark in marks)
        {
            tensors[mark] = Tensor.Zeros([0]);
        }
        SafetensorsWriter.Save(PathOf(name), tensors);
        return PathOf(name);
    }

    public string Save(string name, IReadOnlyList<SavedWeight> weights)
    {
        var named = weights.ToDictionary(weight => weight.Key);
        using var stream = File.Create(PathOf(name));
        SafetensorsWriter.Save(
            stream,
            weights.Select(weight => new SafetensorsEntry(weight.Key, weight.DType, [.. weight.Shape])),
            key => named[key].Read()
        );
        return PathOf(name);
    }

    /// <summary>The weights that a model computes with, in float32.</summary>
    public static Dictionary<string, Tensor> WeightsOf(DiffusionModel model) =>
        ModelExport
            .Checkpoint(model, null, null)
            .Where(weight => weight.Key.StartsWith(Unet, StringComparison.Ordinal))
            .ToDictionary(weight => weight.Key[Unet.Length..], weight => weight.Read().To(DType.Float32));

    public static Dictionary<string, Tensor> WeightsOf(NodeHost.Diffusion.Text.Clip clip) =>
        ModelExport
            .TextEncoders(clip)
            .SelectMany(encoder => encoder.Weights.Select(weight => ($"{encoder.Name}.{weight.Key}", weight.Read())))
            .ToDictionary(weight => weight.Item1, weight => weight.Item2);

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}
