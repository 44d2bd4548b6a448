using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NodeHost.Webhooks;

/// <summary>How the receiver of a call knows that it comes from here and is not an old one sent again.</summary>
internal static class WebhookSignature
{
    public const string TimestampHeader = "X-NodeHost-Timestamp";

    public const string SignatureHeader = "X-NodeHost-Signature";

    /// <summary><c>sha256=</c> and HMAC-SHA256, in hexadecimal digits, of the seconds since 1970, a dot, and the body.</summary>
    public static string Compute(string secret, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(timestamp.ToString(CultureInfo.InvariantCulture) + ".");
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(head);
        hash.AppendData(body);
        return "sha256=" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
