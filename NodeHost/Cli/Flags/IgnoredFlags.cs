using System.CommandLine;

namespace NodeHost.Cli.Flags;

/// <summary>ComfyUI's options that change nothing here: taken, so that people's start scripts work, and said to be without effect.</summary>
internal static class IgnoredFlags
{
    private const string Precision = "weights are computed as their files and the device have them";
    private const string Attention = "attention is libtorch's own";
    private const string Memory = "how much of the weights is held in memory is chosen by --memory-budget";
    private const string Device = "the device is found by itself";
    private const string Mapping = "model files are always mapped";

    private static readonly ArgumentArity None = ArgumentArity.Zero;
    private static readonly ArgumentArity Maybe = ArgumentArity.ZeroOrOne;
    private static readonly ArgumentArity One = ArgumentArity.ExactlyOne;

    private static readonly (string Name, ArgumentArity Arity, string Reason)[] Table =
    [
        ("--force-fp32", None, Precision),
        ("--force-fp16", None, Precision),
        ("--fp32-unet", None, Precision),
        ("--fp64-unet", None, Precision),
        ("--bf16-unet", None, Precision),
        ("--fp16-unet", None, Precision),
        ("--fp8_e4m3fn-unet", None, Precision),
        ("--fp8_e5m2-unet", None, Precision),
        ("--fp8_e8m0fnu-unet", None, Precision),
        ("--fp16-vae", None, Precision),
        ("--fp32-vae", None, Precision),
        ("--bf16-vae", None, Precision),
        ("--cpu-vae", None, Precision),
        ("--fp8_e4m3fn-text-enc", None, Precision),
        ("--fp8_e5m2-text-enc", None, Precision),
        ("--fp16-text-enc", None, Precision),
        ("--fp32-text-enc", None, Precision),
        ("--bf16-text-enc", None, Precision),
        ("--force-channels-last", None, Precision),
        ("--supports-fp8-compute", None, Precision),
        ("--fast", ArgumentArity.ZeroOrMore, "what is exact and fast is always on"),
        ("--deterministic", None, "equal seeds always give equal pictures"),
        ("--use-split-cross-attention", None, Attention),
        ("--use-quad-cross-attention", None, Attention),
        ("--use-pytorch-cross-attention", None, Attention),
        ("--use-sage-attention", None, Attention),
        ("--use-flash-attention", None, Attention),
        ("--disable-xformers", None, Attention),
        ("--force-upcast-attention", None, Attention),
        ("--dont-upcast-attention", None, Attention),
        ("--gpu-only", None, Memory),
        ("--highvram", None, Memory),
        ("--normalvram", None, Memory),
        ("--lowvram", None, Memory),
        ("--novram", None, Memory),
        ("--reserve-vram", One, Memory),
        ("--disable-smart-memory", None, Memory),
        ("--async-offload", Maybe, Memory),
        ("--disable-async-offload", None, Memory),
        ("--force-non-blocking", None, Memory),
        ("--cuda-malloc", None, Memory),
        ("--disable-cuda-malloc", None, Memory),
        ("--disable-pinned-memory", None, Memory),
        ("--default-device", One, Device),
        ("--directml", Maybe, Device),
        ("--oneapi-device-selector", One, Device),
        ("--disable-ipex-optimize", None, Device),
        ("--mmap-torch-files", None, Mapping),
        ("--disable-mmap", None, Mapping),
        ("--front-end-version", One, "nothing is downloaded; give the folder of a frontend with --front-end-root"),
        ("--comfy-api-base", One, "there are no nodes of paid services"),
        ("--disable-api-nodes", None, "there are no nodes of paid services"),
        ("--database-url", One, "the queue's database is in the user directory"),
        ("--enable-manager", None, "the manager installs Python packages, which are not run here"),
        ("--disable-manager-ui", None, "the manager installs Python packages, which are not run here"),
        ("--enable-manager-legacy-ui", None, "the manager installs Python packages, which are not run here"),
        ("--offline", None, "the server never asks the network for anything"),
        ("--date-based-output", None, "put %year%-%month%-%day%/ before the filename_prefix"),
        ("--disable-assets-autoscan", None, "there is no asset database"),
        ("--enable-assets", None, "there is no asset database"),
    ];

    public static IReadOnlyList<Option> Options { get; } = [.. Table.Select(entry => Make(entry.Name, entry.Arity))];

    /// <summary>A line for each that was given.</summary>
    public static IEnumerable<string> Notes(ParseResult parsed) =>
        Options
            .Zip(Table)
            .Where(pair => parsed.IsGiven(pair.First))
            .Select(pair => $"note: {pair.Second.Name} has no effect: {pair.Second.Reason}.");

    private static Option Make(string name, ArgumentArity arity) =>
        arity.MaximumNumberOfValues > 1
            ? new Option<string[]>(name)
            {
                Arity = arity,
                Hidden = true,
                AllowMultipleArgumentsPerToken = true,
            }
            : new Option<string?>(name) { Arity = arity, Hidden = true };
}
