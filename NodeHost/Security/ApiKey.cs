namespace NodeHost.Security;

/// <summary>A key as it is stored: enough to recognise the token, not to make it.</summary>
/// <param name="Id">What the key is called when it is revoked.</param>
/// <param name="Name">What its owner calls it; may be empty.</param>
/// <param name="Role">What its holder may do.</param>
/// <param name="Hash">SHA-256 of the token, hexadecimal.</param>
/// <param name="Created">When it was made.</param>
internal sealed record ApiKey(string Id, string Name, ApiKeyRole Role, string Hash, DateTimeOffset Created);
