using System.Globalization;
using Newtonsoft.Json.Linq;
using NodeHost.Tensors;

namespace NodeHost.Api;

/// <summary>The machine as <c>/system_stats</c> shows it. Asking loads libtorch, if nothing else has yet.</summary>
internal static class SystemStats
{
    /// <summary>The ComfyUI whose behaviour is matched; clients compare versions by it.</summary>
    public const string ComfyUiVersion = "0.3.64";

    private const string FrontendVersion = "1.27.10";
    private const string TemplatesVersion = "0.1.94";

    /// <param name="device">Where networks compute; null for the best there is.</param>
    public static JObject Read(Device? device)
    {
        var (total, free) = HostMemory();
        return new()
        {
            ["system"] = new JObject
            {
                ["os"] = OperatingSystem.IsWindows() ? "nt" : "posix",
                ["ram_total"] = total,
                ["ram_free"] = free,
                ["comfyui_version"] = ComfyUiVersion,
                ["required_frontend_version"] = FrontendVersion,
                ["installed_templates_version"] = TemplatesVersion,
                ["required_templates_version"] = TemplatesVersion,
                ["python_version"] = $"none (.NET {Environment.Version})",
                ["pytorch_version"] = TorchRuntime.Version,
                ["embedded_python"] = false,
                ["argv"] = new JArray(Environment.GetCommandLineArgs()),
                ["nodehost_version"] = typeof(SystemStats).Assembly.GetName().Version?.ToString(3),
            },
            ["devices"] = new JArray(Describe(device ?? TorchRuntime.BestDevice, total, free)),
        };
    }

    private static JObject Describe(Device device, long hostTotal, long hostFree)
    {
        if (TorchRuntime.GetMemory(device) is not { } memory)
        {
            return Describe("cpu", "cpu", JValue.CreateNull(), (hostTotal, hostFree), (hostTotal, hostFree));
        }
        var unused = memory.Reserved - memory.Allocated;
        return Describe(
            $"{device} {TorchRuntime.DescribeGpu(device)?.Name}".TrimEnd(),
            "cuda",
            new JValue(device.Index),
            (memory.Total, memory.Free + unused),
            (memory.Reserved, unused)
        );
    }

    private static JObject Describe(
        string name,
        string type,
        JValue index,
        (long Total, long Free) memory,
        (long Total, long Free) torch
    ) =>
        new()
        {
            ["name"] = name,
            ["type"] = type,
            ["index"] = index,
            ["vram_total"] = memory.Total,
            ["vram_free"] = memory.Free,
            ["torch_vram_total"] = torch.Total,
            ["torch_vram_free"] = torch.Free,
        };

    private static (long Total, long Free) HostMemory()
    {
        const string Source = "/proc/meminfo";
        if (!File.Exists(Source))
        {
            var memory = GC.GetGCMemoryInfo();
            return (memory.TotalAvailableMemoryBytes, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
        }
        var lines = File.ReadAllLines(Source);
        return (Kibibytes("MemTotal:"), Kibibytes("MemAvailable:"));

        long Kibibytes(string name) =>
            lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
                ? 1024
                    * long.Parse(
                        line[name.Length..].Replace("kB", "", StringComparison.Ordinal),
                        NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite
                    )
                : 0;
    }
}
