using System.Diagnostics.CodeAnalysis;

namespace NodeHost.Graph.Contracts;

/// <summary>An encoded picture of work in progress; <paramref name="ImageType"/> is <c>image/jpeg</c> or <c>image/png</c>.</summary>
[SuppressMessage("Performance", "CA1819", Justification = "Bytes on their way to a socket.")]
public sealed record NodePreview(byte[] Bytes, string ImageType);
