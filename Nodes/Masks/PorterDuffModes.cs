using NodeHost.Images.Operations;

namespace NodeHost.Nodes.Masks;

/// <summary>ComfyUI's names of the Porter-Duff operators.</summary>
internal static class PorterDuffModes
{
    public static PorterDuffMode Parse(string name) =>
        name switch
        {
            "ADD" => PorterDuffMode.Add,
            "CLEAR" => PorterDuffMode.Clear,
            "DARKEN" => PorterDuffMode.Darken,
            "DST" => PorterDuffMode.Destination,
            "DST_ATOP" => PorterDuffMode.DestinationAtop,
            "DST_IN" => PorterDuffMode.DestinationIn,
            "DST_OUT" => PorterDuffMode.DestinationOut,
            "DST_OVER" => PorterDuffMode.DestinationOver,
            "LIGHTEN" => PorterDuffMode.Lighten,
            "MULTIPLY" => PorterDuffMode.Multiply,
            "OVERLAY" => PorterDuffMode.Overlay,
            "SCREEN" => PorterDuffMode.Screen,
            "SRC" => PorterDuffMode.Source,
            "SRC_ATOP" => PorterDuffMode.SourceAtop,
            "SRC_IN" => PorterDuffMode.SourceIn,
            "SRC_OUT" => PorterDuffMode.SourceOut,
            "SRC_OVER" => PorterDuffMode.SourceOver,
            "XOR" => PorterDuffMode.Xor,
            _ => throw new ArgumentException(
                $"Porter-Duff mode: expected one of the listed names, given '{name}'.",
                nameof(name)
            ),
        };
}
