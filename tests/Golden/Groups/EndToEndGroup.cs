using System.Globalization;
using Newtonsoft.Json.Linq;
using NodeHost.Golden.Comparison;
using NodeHost.Graph.Execution;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Golden.Groups;

/// <summary>Whole prompts in process: the same files, latents within their tolerance, pictures within one level.</summary>
internal sealed class EndToEndGroup : IGoldenGroup
{
    private const double LatentTolerance = 1e-4;

    // Edits of half precision would pass the wider one, and are not wanted (golden README).
    private const double EditedLatentTolerance = 2e-5;

    public string Name => "e2e";

    public string Marker => "e2e";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        foreach (var path in Directory.EnumerateDirectories(folder.PathOf(Marker)).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (wanted(name))
            {
                yield return GoldenResult.Guard(name, () => RunCase(name, folder, path));
            }
        }
    }

    private static GoldenResult RunCase(string name, GoldenFolder folder, string path)
    {
        var prompts = Directory.EnumerateFiles(path, "prompt*.json").Order(StringComparer.Ordinal).ToArray();
        var missing = prompts
            .SelectMany(prompt => ((JObject)GoldenFolder.ReadJson(prompt)["prompt"]!).PropertyValues())
            .Select(node => (string)node["class_type"]!)
            .Where(classType => GoldenHost.Catalogue.Find(classType) is null)
            .Distinct()
            .ToArray();
        if (missing.Length > 0)
        {
            return GoldenResult.Skipped(name, $"needs {string.Join(", ", missing)}, which come with a later issue");
        }

        var comparison = new FileComparison(
            name.StartsWith("fluxspace_", StringComparison.Ordinal) ? EditedLatentTolerance : LatentTolerance
        );
        using var host = new GoldenHost(folder);
        foreach (var prompt in prompts)
        {
            var suffix = Path.GetFileNameWithoutExtension(prompt)["prompt".Length..];
            JToken Expected(string kind) => GoldenFolder.ReadJson(Path.Combine(path, $"{kind}{suffix}.json"));
            host.Forwards.Clear();
            if (RunPrompt(host, File.ReadAllText(prompt), Expected, IsMessageFree(path), out var result) is { } problem)
            {
                return GoldenResult.OfEquality(name, $"prompt{suffix}: {problem}");
            }
            comparison.Add(host, result!, (JArray)Expected("files"), path);
            if (
                File.Exists(Path.Combine(path, $"forwards{suffix}.json"))
                && host.Forwards.DifferenceTo(Expected("forwards")) is { } difference
            )
            {
                return GoldenResult.OfEquality(name, $"prompt{suffix}: {difference}");
            }
            foreach (var measured in MeasurementsOf(File.ReadAllText(prompt)))
            {
                if (
                    NumpyComparison.Difference(
                        host.OutputPath(measured),
                        Path.Combine(path, Path.GetFileName(measured))
                    ) is
                    { } mismatch
                )
                {
                    return GoldenResult.OfEquality(name, $"prompt{suffix}, {measured}: {mismatch}");
                }
            }
        }
        return comparison.ToResult(name);
    }

    internal static bool IsMessageFree(string path) =>
        Path.Combine(path, "about.txt") is var about
        && File.Exists(about)
        && File.ReadAllText(about).Contains("the text of the message is free", StringComparison.Ordinal);

    private static IEnumerable<string> MeasurementsOf(string prompt) =>
        ((JObject)JObject.Parse(prompt)["prompt"]!)
            .PropertyValues()
            .Select(node => (string?)node["inputs"]!["measure_path"])
            .Where(path => !string.IsNullOrEmpty(path))
            .Select(path => path!);

    private static string? RunPrompt(
        GoldenHost host,
        string body,
        Func<string, JToken> recorded,
        bool messageIsFree,
        out RunResult? result
    )
    {
        result = null;
        var validation = host.Validate(body);
        if (!validation.Accepted)
        {
            return $"refused: {validation.ToResponseJson().ToString(Newtonsoft.Json.Formatting.None)}";
        }
        var history = ((JObject)recorded("history")).Properties().Single();
        var entry = history.Value;
        // ComfyUI takes outputs out of a set; in its order the events have to be the same.
        var request = RunRequest.From(validation, history.Name) with
        {
            Outputs = [.. entry["prompt"]![4]!.Select(output => (string)output!)],
        };
        var transcript = new RunTranscript(messageIsFree);
        result = host.Run(request, transcript);
        var expected = (string?)entry["status"]!["status_str"];
        var actual = result.Status == RunStatus.Succeeded ? "success" : "error";
        if (expected != actual)
        {
            return $"expected {expected}, got {actual}: {result.Error?.NodeType} #{result.Error?.NodeId}: {result.Error?.ExceptionMessage}";
        }
        var failed = entry["status"]!["messages"]!
            .Where(message => (string?)message[0] == "execution_error")
            .Select(message => (string?)message[1]!["node_id"])
            .FirstOrDefault();
        return failed != result.Error?.NodeId
            ? $"expected node {failed} to fail, got {result.Error?.NodeId}"
            : transcript.DifferenceOfEvents((JArray)recorded("ws")) ?? transcript.DifferenceOfHistory(entry, result);
    }

    /// <summary>The worst of all files of a case.</summary>
    private sealed class FileComparison(double latentTolerance)
    {
        private double _latents;
        private double _pixels;
        private string? _problem;

        public void Add(GoldenHost host, RunResult result, JArray expected, string folder)
        {
            var actual = result
                .Displays.SelectMany(ui =>
                    ui.Output.PropertyValues()
                        .OfType<JArray>()
                        .SelectMany(items => items)
                        .Where(item => item is JObject members && members.ContainsKey("filename"))
                        .Select(item => (ui.NodeId, Entry: item))
                )
                .ToLookup(file => file.NodeId, file => file.Entry);
            if (actual.Sum(files => files.Count()) != expected.Count)
            {
                _problem ??= $"expected {expected.Count} files, got {actual.Sum(files => files.Count())}";
                return;
            }
            foreach (var node in expected.GroupBy(file => (string)file["node"]!))
            {
                foreach (var (file, entry) in node.Zip(actual[node.Key]))
                {
                    Compare(host, file, entry, folder);
                }
            }
        }

        public GoldenResult ToResult(string name)
        {
            var fits = _problem is null && _latents <= latentTolerance && _pixels <= PictureComparison.AllowedShare;
            var measured =
                _problem
                ?? string.Create(CultureInfo.InvariantCulture, $"latents {_latents:0.#e+0}, pixels {_pixels:0.####%}");
            var tolerance = string.Create(
                CultureInfo.InvariantCulture,
                $"({latentTolerance:0.#e+0}, {PictureComparison.AllowedShare:0.#%})"
            );
            return new GoldenResult(name, fits ? GoldenOutcome.Passed : GoldenOutcome.Failed, measured, tolerance);
        }

        private void Compare(GoldenHost host, JToken file, JToken entry, string folder)
        {
            var wanted = file["as"]!;
            var isTemporary = (string?)wanted["type"] == "temp"; // its name carries random letters
            foreach (var key in isTemporary ? ["type", "subfolder"] : new[] { "type", "subfolder", "filename" })
            {
                if (!JToken.DeepEquals(wanted[key], entry[key]))
                {
                    _problem ??= $"node {file["node"]}: expected {key} {wanted[key]}, got {entry[key]}";
                    return;
                }
            }
            var expectedPath = Path.Combine(folder, (string)file["file"]!);
            var actualPath = host.PathOf(entry);
            if (expectedPath.EndsWith(".latent.safetensors", StringComparison.Ordinal))
            {
                _latents = Math.Max(_latents, LatentError(actualPath, expectedPath));
            }
            else if (expectedPath.EndsWith(".png", StringComparison.Ordinal))
            {
                var share = PictureComparison.ShareThatDiffers(actualPath, expectedPath);
                _pixels = Math.Max(_pixels, share);
                if (double.IsInfinity(share))
                {
                    _problem ??= $"{Path.GetFileName(expectedPath)}: size differs, or a value by more than one level";
                }
            }
            else
            {
                _problem ??= $"{Path.GetFileName(expectedPath)}: this runner cannot compare such files";
            }
        }

        private static double LatentError(string actualPath, string expectedPath)
        {
            using var scope = new TensorScope();
            using var actual = SafetensorsFile.Open(actualPath);
            using var expected = SafetensorsFile.Open(expectedPath);
            return expected
                .Entries.Values.Where(entry => entry.ElementCount > 0)
                .Max(entry =>
                    actual.Contains(entry.Key)
                        ? TensorComparison.ErrorOverStandardDeviation(
                            actual.Load(entry.Key, DType.Float32),
                            expected.Load(entry.Key, DType.Float32)
                        )
                        : double.PositiveInfinity
                );
        }
    }
}
