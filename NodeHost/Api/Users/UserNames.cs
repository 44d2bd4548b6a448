using System.Text.RegularExpressions;

namespace NodeHost.Api.Users;

/// <summary>Names of users as parts of ids, and so of folders.</summary>
internal static partial class UserNames
{
    public static string ToId(string name) => Others().Replace(name.Trim(), "-");

    [GeneratedRegex("[^a-zA-Z0-9_-]+")]
    private static partial Regex Others();
}
