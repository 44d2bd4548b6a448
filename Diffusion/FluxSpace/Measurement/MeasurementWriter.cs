using NodeHost.Diffusion.FluxSpace.Numpy;

namespace NodeHost.Diffusion.FluxSpace.Measurement;

/// <summary>Writes measurements of a run: <c>step_keys</c>, <c>block_keys</c>, and members [step, block, D] or [step, block].</summary>
internal static class MeasurementWriter
{
    private static readonly string[] ShortMembers = ["attn_base", "delta_mix"];

    public static void Write(
        string path,
        IReadOnlyDictionary<int, StepMeasurement> steps,
        EditWindow window,
        bool isShort
    )
    {
        var first = steps.Values.First();
        var members = new List<(string Name, NumpyArray Array)>
        {
            ("step_keys", NumpyArray.Of([.. steps.Keys.Select(step => (long)step)])),
            ("block_keys", NumpyArray.Of(first.Blocks)),
        };
        if (!isShort)
        {
            members.Add(("sigmas", NumpyArray.Of([.. steps.Values.Select(step => step.Sigma)])));
            members.Add(("window", NumpyArray.Of([window.Start, window.End])));
        }
        foreach (var (name, rows) in first.Members.Where(member => !isShort || IsInShortForm(member.Key)))
        {
            var values = steps.Values.SelectMany(step => step.Members[name]).SelectMany(row => row).ToArray();
            long[] shape = [steps.Count, first.Blocks.Count];
            // Norms and the like are one number for each layer.
            var isVector = SiteMembers.IsVector(name);
            var array = NumpyArray.Of(values, isVector ? [.. shape, rows[0].Length] : shape);
            members.Add((name, isShort ? array.ToHalf() : array));
        }
        NumpyArchive.Write(path, members);
    }

    private static bool IsInShortForm(string member) =>
        ShortMembers.Any(name =>
            member == name
            || (
                member.StartsWith($"{name}_", StringComparison.Ordinal)
                && int.TryParse(member[(name.Length + 1)..], out _)
            )
        );
}
