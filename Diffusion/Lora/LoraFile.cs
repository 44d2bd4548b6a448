using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora.Modules;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>
/// An opened adapter file in any of the common formats (LoRA, LoCon, LoHa, LoKr, GLoRA, OFT, whole differences, DoRA on
/// top) and key layouts. It is the <see cref="Models.WeightPatch.Adapter"/> of a patch; its tensors stay in the mapped
/// file until a network is built.
/// </summary>
public sealed class LoraFile : IWeightAdapter, ILoraTensors
{
    private const int Linear = 2;
    private const int Convolution = 4;

    private readonly IWeightFile _file;

    private LoraFile(string path, IWeightFile file, IReadOnlyList<LoraModule> modules, IReadOnlyList<string> other)
    {
        Path = path;
        _file = file;
        Modules = modules;
        OtherKeys = other;
        MergedOnly = modules.FirstOrDefault(module => !CanStayBeside(module));
    }

    public string Path { get; }

    /// <summary>The updates, by layers.</summary>
    public IReadOnlyList<LoraModule> Modules { get; }

    /// <summary>Keys that belong to no complete update of a known format.</summary>
    public IReadOnlyList<string> OtherKeys { get; }

    /// <summary>The first update that works only merged into the weights; null where all can be added beside their layers.</summary>
    public LoraModule? MergedOnly { get; }

    /// <summary>Reads the keys of a file.</summary>
    /// <exception cref="Tensors.Safetensors.SafetensorsException">It is not a sound safetensors file.</exception>
    /// <exception cref="Tensors.Pickle.PickleException">It is a pickled file that is damaged or refused.</exception>
    /// <exception cref="LoraException">It holds no update of a known format.</exception>
    public static LoraFile Open(string path)
    {
        var file = WeightFiles.Open(path);
        try
        {
            var (modules, other) = LoraModules.Sort(file.Entries.Keys);
            if (modules.Count == 0)
            {
                var example = file.Entries.Keys.FirstOrDefault() ?? "nothing";
                throw new LoraException(
                    $"{path}: expected pairs of LoRA matrices (such as NAME.lora_up.weight and NAME.lora_down.weight), "
                        + $"or LoHa, LoKr, GLoRA, OFT or whole differences, got {file.Entries.Count} other tensors "
                        + $"(such as {example}). Choose a LoRA file."
                );
            }
            return new LoraFile(path, file, modules, other);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IWeightPatcher? For(WeightTarget target, double strength)
    {
        var patcher = new LoraPatcher(this, LoraKeyMap.For(target), strength);
        return patcher.IsEmpty ? null : patcher;
    }

    /// <summary>One sentence on the updates that fit no layer of the given networks; null where each fits one.</summary>
    public string? DescribeUnmatched(params IReadOnlyList<WeightTarget> targets)
    {
        var maps = targets.Select(LoraKeyMap.For).ToList();
        var unmatched = Modules
            .Where(module => maps.All(map => map.Find(module).Count == 0))
            .Select(module => module.Name)
            .ToList();
        var hasMatch = unmatched.Count < Modules.Count;
        if (hasMatch && targets.All(target => target.Role != ModelRole.TextEncoder))
        {
            // Who loads the diffusion model's part only knows that there is another.
            unmatched.RemoveAll(LoraKeyMap.IsForTextEncoder);
        }
        unmatched.AddRange(OtherKeys);
        // A key that is for the networks asked says more than one for another.
        var isForText = targets.All(target => target.Role == ModelRole.TextEncoder);
        unmatched = [.. unmatched.OrderBy(name => LoraKeyMap.IsForTextEncoder(name) != isForText)];
        if (unmatched.Count == 0)
        {
            return null;
        }
        var expected = string.Join(" or ", maps.Select(map => $"'{map.Example}'").Distinct());
        return $"{Path}: {unmatched.Count} of {Modules.Count + OtherKeys.Count} keys match nothing in the model, such as '{unmatched[0]}'; "
            + $"expected names like {expected}. "
            + (
                hasMatch
                    ? "They are left out; the LoRA may be made for another model."
                    : "So it changes nothing; choose a LoRA that is made for this model."
            );
    }

    Tensor ILoraTensors.Load(string key)
    {
        using var stored = _file.Read(key);
        return stored.To(DType.Float32);
    }

    private bool CanStayBeside(LoraModule module) =>
        module.IsIndependent
        && (
            module is not DifferenceModule { IsBias: false } difference
            || _file.Entries[difference.Key].Shape.Count is Linear or Convolution
        );
}
