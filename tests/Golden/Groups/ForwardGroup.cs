using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Golden.Comparison;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Golden.Groups;

/// <summary>Single calls of networks and autoencoders; the model and the call are named in each file's metadata.</summary>
internal sealed class ForwardGroup : IGoldenGroup
{
    private const double Tolerance = 1e-4;

    public string Name => "forward";

    public string Marker => "forward";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        using var store = GoldenModels.OpenStore(folder);
        foreach (
            var path in Directory.EnumerateFiles(folder.PathOf(Marker), "*.safetensors").Order(StringComparer.Ordinal)
        )
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (wanted(name))
            {
                yield return GoldenResult.Guard(name, () => Check(name, path, folder, store));
            }
        }
    }

    private static GoldenResult Check(string name, string path, GoldenFolder folder, ModelStore store)
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        using var golden = SafetensorsFile.Open(path);
        var file = Path.Combine(folder.Models, ModelOf(name, golden));
        var error = name switch
        {
            _ when name.StartsWith("vae_", StringComparison.Ordinal) => AutoencoderError(store.LoadVae(file), golden),
            _ when name.StartsWith("apply_model_", StringComparison.Ordinal) => Error(
                golden,
                "denoised",
                Apply(store.LoadDiffusionModel(file), golden, name.Contains("vpred", StringComparison.Ordinal))
            ),
            _ => Error(golden, "out", Forward(store.LoadDiffusionModel(file), golden)),
        };
        return GoldenResult.OfError(name, error, Tolerance);
    }

    private static string ModelOf(string name, SafetensorsFile golden) =>
        golden.Metadata.GetValueOrDefault("model")
        ?? name switch
        {
            _ when name.StartsWith("vae_flux", StringComparison.Ordinal) => "vae/tiny-flux-ae.safetensors",
            _ when name.Contains("flux", StringComparison.Ordinal) => "diffusion_models/tiny-flux-dev.safetensors",
            _ => "checkpoints/tiny-sd15.safetensors",
        };

    private static double AutoencoderError(Vae vae, SafetensorsFile golden) =>
        Math.Max(
            Error(golden, "decoded", vae.Decode(golden.Load("latent"))),
            Error(golden, "encoded", vae.Encode(golden.Load("pixels")))
        );

    private static Tensor Forward(DiffusionModel model, SafetensorsFile golden)
    {
        var network = model.Source.Load(model.Patches);
        Tensor Load(string key) => network.Place.Take(golden.Load(key));
        return network.Forward(Load("x"), Load("timesteps"), InputOf(golden, Load));
    }

    private static Tensor Apply(DiffusionModel model, SafetensorsFile golden, bool velocity)
    {
        ModelSampling sampling = velocity ? new DiscreteModelSampling(new VelocityPrediction()) : model.Sampling;
        var network = model.Source.Load(model.Patches);
        Tensor Load(string key) => network.Place.Take(golden.Load(key));
        var x = Load("x");
        var sigma = Load("sigma");
        var timesteps = Tensor.From(
            [.. sigma.ToArray<float>().Select(value => (float)sampling.Timestep(value))],
            sigma.Length(0)
        );
        timesteps = network.Place.Take(timesteps);
        var prediction = network.Forward(sampling.CalculateInput(x, sigma), timesteps, InputOf(golden, Load));
        return sampling.CalculateDenoised(x, prediction, sigma);
    }

    private static NetworkInput InputOf(SafetensorsFile golden, Func<string, Tensor> load)
    {
        Tensor? Optional(string key) => golden.Contains(key) ? load(key) : null;
        var call = golden.Metadata.GetValueOrDefault("call") ?? "";
        var method = call.Split("ref_latents_method=").ElementAtOrDefault(1)?.Split(')')[0];
        return new NetworkInput
        {
            Context = load("context"),
            Pooled = Optional("y"),
            Guidance = Optional("guidance"),
            Concat = Optional("c_concat"),
            ReferenceLatents =
            [
                .. golden
                    .Entries.Keys.Where(key => key.StartsWith("ref.", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)
                    .Select(load),
            ],
            ReferenceMethod = method ?? "offset",
        };
    }

    private static double Error(SafetensorsFile golden, string key, Tensor actual) =>
        TensorComparison.ErrorOverStandardDeviation(actual, golden.Load(key));
}
