using System.ComponentModel;
using System.Diagnostics;

namespace NodeHost.Server;

/// <summary>The user's browser.</summary>
internal static class Browser
{
    public static void Open(string address)
    {
        // No browser goes to "every address".
        var reachable = address
            .Replace("//0.0.0.0:", "//127.0.0.1:", StringComparison.Ordinal)
            .Replace("//[::]:", "//127.0.0.1:", StringComparison.Ordinal);
        try
        {
            using var _ = Process.Start(new ProcessStartInfo(reachable) { UseShellExecute = true });
        }
        catch (Win32Exception error)
        {
            Console.Error.WriteLine($"The browser could not be opened: {error.Message}. Open {reachable} yourself.");
        }
    }
}
