using System.Text.RegularExpressions;

namespace NodeHost.Folders;

/// <summary>How environment variables are written in paths.</summary>
internal static partial class EnvironmentVariables
{
    [GeneratedRegex(@"\$(?:\{(?<name>\w+)\}|(?<name>\w+))")]
    public static partial Regex Pattern();
}
