using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace.Directions;

/// <summary>Directions read from a file, each for a layer and perhaps a step. The tensors belong to who reads the set.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Directions">[D] or [tokens, D] by step (null: every step) and layer.</param>
public sealed record DirectionSet(string File, IReadOnlyDictionary<(int? Step, string Block), Tensor> Directions)
    : ITensorHolder
{
    /// <summary>Noise levels of the steps the directions were measured at, by step; empty where the file does not tell.</summary>
    public IReadOnlyDictionary<int, double> Sigmas { get; init; } = new Dictionary<int, double>();

    public IEnumerable<Tensor> HeldTensors => Directions.Values;

    /// <summary>The direction for a layer at a step; null where there is none.</summary>
    public Tensor? Find(int step, string block) =>
        Directions.GetValueOrDefault((step, block)) ?? Directions.GetValueOrDefault((null, block));

    /// <summary>Channel means of one atom: <c>atom_NN_direction</c> [K, D] at <c>atom_NN_sites</c> [K].</summary>
    /// <exception cref="FluxSpaceException">The file's arrays do not fit each other.</exception>
    public static DirectionSet ReadAtom(string path, int atom)
    {
        using var archive = NumpyArchive.Open(path);
        var (steps, blocks) = ReadKeys(path, archive);
        var (directions, sites) = (archive.Read($"atom_{atom:00}_direction"), archive.Read($"atom_{atom:00}_sites"));
        var places = sites.ToIntegers();
        if (directions.Shape.Count != 2 || directions.Shape[0] != places.Length)
        {
            throw new FluxSpaceException(
                $"{path}: atom {atom} has directions {directions} for {places.Length} sites; expected [{places.Length}, channels]."
            );
        }
        using var all = directions.ToTensor();
        var found = new Dictionary<(int?, string), Tensor>();
        foreach (var (row, place) in places.Index())
        {
            var (step, block) = ((int)(place / blocks.Length), (int)(place % blocks.Length));
            if (place < 0 || step >= steps.Length)
            {
                throw new FluxSpaceException(
                    $"{path}: atom {atom} names site {place}; there are {steps.Length} steps of {blocks.Length} layers."
                );
            }
            found[((int)steps[step], blocks[block])] = all.Select(0, row).Clone();
        }
        return new DirectionSet(path, found) { Sigmas = ReadSigmas(archive, steps) };
    }

    /// <summary>Whole differences: <c>delta_full</c> [steps, layers, tokens, D].</summary>
    /// <param name="path">The file.</param>
    /// <param name="renormalise">Whether each is scaled to the norm in <c>delta_fro</c>, which averaging over captures has lowered.</param>
    /// <exception cref="FluxSpaceException">The file's arrays do not fit each other.</exception>
    public static DirectionSet ReadFull(string path, bool renormalise)
    {
        using var archive = NumpyArchive.Open(path);
        var (steps, blocks) = ReadKeys(path, archive);
        var deltas = archive.Read("delta_full");
        if (deltas.Shape.Count != 4 || deltas.Shape[0] != steps.Length || deltas.Shape[1] != blocks.Length)
        {
            throw new FluxSpaceException(
                $"{path}: delta_full is {deltas}; expected [{steps.Length}, {blocks.Length}, tokens, channels]."
            );
        }
        if (renormalise && !archive.Contains("delta_fro"))
        {
            throw new FluxSpaceException(
                $"{path}: renorm needs the measured norms, an array delta_fro [steps, layers], which is not there. "
                    + "Capture again with FluxSpaceEditPair, or switch renorm off."
            );
        }
        var norms = renormalise ? archive.Read("delta_fro").ToDoubles() : [];
        if (renormalise && norms.Length != steps.Length * blocks.Length)
        {
            throw new FluxSpaceException(
                $"{path}: delta_fro has {norms.Length} norms; expected [{steps.Length}, {blocks.Length}]. Capture again with "
                    + "FluxSpaceEditPair, or switch renorm off."
            );
        }
        using var all = deltas.ToTensor();
        var found = new Dictionary<(int?, string), Tensor>();
        foreach (var (row, step) in steps.Index())
        {
            foreach (var (column, block) in blocks.Index())
            {
                using var scope = new TensorScope();
                var delta = all.Select(0, row).Select(0, column).To(DType.Float32);
                var norm = Math.Sqrt((delta * delta).Sum().Item());
                if (norm != 0)
                {
                    var factor = renormalise ? norms[(row * blocks.Length) + column] / norm : 1;
                    found[((int)step, block)] = scope.Keep(delta * factor);
                }
            }
        }
        return new DirectionSet(path, found) { Sigmas = ReadSigmas(archive, steps) };
    }

    /// <summary>One tensor for every step: <c>delta</c>, [D] or [tokens, D], at the layers named.</summary>
    public static DirectionSet ReadDirect(string path, IReadOnlyList<string> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        using var archive = NumpyArchive.Open(path);
        var delta = archive.Read("delta");
        return delta.Shape.Count is 1 or 2
            ? new DirectionSet(path, blocks.ToDictionary(block => ((int?)null, block), _ => delta.ToTensor()))
            : throw new FluxSpaceException($"{path}: delta is {delta}; expected [channels] or [tokens, channels].");
    }

    private static (long[] Steps, string[] Blocks) ReadKeys(string path, NumpyArchive archive)
    {
        var (steps, blocks) = (archive.Read("step_keys").ToIntegers(), archive.Read("block_keys").ToTexts());
        var isSound = steps.Length > 0 && blocks.Length > 0 && steps.Distinct().Count() == steps.Length;
        return isSound && steps.All(step => step is >= 0 and <= int.MaxValue)
            ? (steps, blocks)
            : throw new FluxSpaceException(
                $"{path}: expected step_keys and block_keys that name steps from 0 on and layers, each step once; got steps "
                    + $"[{string.Join(", ", steps.Take(20))}] and {blocks.Length} layers. Choose another file."
            );
    }

    private static Dictionary<int, double> ReadSigmas(NumpyArchive archive, long[] steps) =>
        archive.Contains("sigmas")
            ? steps.Zip(archive.Read("sigmas").ToDoubles()).ToDictionary(pair => (int)pair.First, pair => pair.Second)
            : [];
}
