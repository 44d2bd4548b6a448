using System.Diagnostics;
using NodeHost.Golden;
using NodeHost.Golden.Groups;

// NodeHost.Golden DIR [FILTER]: every golden case found in DIR whose "group/case" contains FILTER, one line each.
if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("usage: NodeHost.Golden DIR [FILTER]");
    return 2;
}

IGoldenGroup[] groups =
[
    new TokenizationGroup(),
    new NoiseGroup(),
    new SigmasGroup(),
    new SamplersGroup(),
    new LoraMergeGroup(),
    new TextEncodeGroup(),
    new ForwardGroup(),
    new KeysGroup(),
    new PicklesGroup(),
    new ErrorsGroup(),
    new EndToEndGroup(),
    new SocketsGroup(),
    new HttpGroup(),
    new ConvertGroup(),
    new SessionGroup(),
];
var folder = new GoldenFolder(args[0]);
var filter = args.Length == 2 ? args[1] : "";
var watch = Stopwatch.StartNew();
var counts = new Dictionary<GoldenOutcome, int>();

foreach (var group in groups.Where(group => folder.Has(group.Marker)))
{
    bool Wanted(string name) => $"{group.Name}/{name}".Contains(filter, StringComparison.Ordinal);
    foreach (var result in group.Run(folder, Wanted))
    {
        counts[result.Outcome] = counts.GetValueOrDefault(result.Outcome) + 1;
        var word = result.Outcome switch
        {
            GoldenOutcome.Passed => "ok  ",
            GoldenOutcome.Failed => "FAIL",
            _ => "skip",
        };
        Console.WriteLine($"{word} {group.Name}/{result.Case} {result.Measured} {result.Tolerance}".TrimEnd());
    }
}

var known = groups.Select(group => Path.GetFileNameWithoutExtension(group.Marker)).ToHashSet();
var unknown = Directory
    .EnumerateFileSystemEntries(folder.Cases)
    .Where(entry => !entry.EndsWith(".md", StringComparison.Ordinal) && Path.GetFileName(entry) != "about.txt")
    .Select(entry => Path.GetFileNameWithoutExtension(entry)!)
    .Where(name => !known.Contains(name))
    .Distinct()
    .Order();
foreach (var name in unknown)
{
    Console.WriteLine($"skip {name}: this runner does not know the group");
    counts[GoldenOutcome.Skipped] = counts.GetValueOrDefault(GoldenOutcome.Skipped) + 1;
}

var failed = counts.GetValueOrDefault(GoldenOutcome.Failed);
Console.WriteLine($"{counts.GetValueOrDefault(GoldenOutcome.Skipped)} skipped, {watch.Elapsed.TotalSeconds:0} s");
Console.WriteLine($"{counts.GetValueOrDefault(GoldenOutcome.Passed)} passed, {failed} failed");
return failed == 0 ? 0 : 1;
