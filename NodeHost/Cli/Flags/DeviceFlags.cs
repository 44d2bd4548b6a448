using System.CommandLine;
using NodeHost.Server;
using NodeHost.Tensors;

namespace NodeHost.Cli.Flags;

/// <summary>Where networks compute: <c>--device</c>, or ComfyUI's two options for it.</summary>
internal sealed class DeviceFlags : IFlagGroup
{
    private readonly Option<Device?> _device = Create();

    private readonly Option<bool> _cpu = Flag.Switch("--cpu", "The same as --device cpu");

    private readonly Option<Device?> _gpu = Make("--cuda-device", "N", "The same as --device cuda:N", "cuda:");

    public IEnumerable<Option> Options => [_device, _cpu, _gpu];

    /// <summary>The <c>--device</c> option; a device that is not there is a wrong value of it.</summary>
    public static Option<Device?> Create() =>
        Make(
            "--device",
            "DEVICE",
            "Where networks compute: cpu, cuda or cuda:N (default: the first GPU, else the CPU)",
            prefix: ""
        );

    public ServerOptions Apply(ParseResult parsed, ServerOptions options) =>
        options with
        {
            Device = parsed.GetValue(_device) ?? (parsed.GetValue(_cpu) ? Device.Cpu : parsed.GetValue(_gpu)),
        };

    private static Option<Device?> Make(string name, string placeholder, string description, string prefix) =>
        new(name)
        {
            Description = description,
            HelpName = placeholder,
            CustomParser = result =>
            {
                try
                {
                    return TorchRuntime.Require(Device.Parse(prefix + result.Tokens[0].Value));
                }
                catch (ArgumentException error)
                {
                    result.AddError($"{name}: {error.Message}");
                    return null;
                }
            },
        };
}
