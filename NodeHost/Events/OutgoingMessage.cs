using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Events;

/// <summary>A message on its way to sockets. It is written when the first socket sends it, and then shared by all of them.</summary>
internal sealed class OutgoingMessage
{
    private readonly Lazy<byte[]> _bytes;

    private OutgoingMessage(Func<byte[]> write, bool isBinary, string? supersededBy)
    {
        _bytes = new(write);
        IsBinary = isBinary;
        SupersededBy = supersededBy;
    }

    public ReadOnlyMemory<byte> Bytes => _bytes.Value;

    public bool IsBinary { get; }

    /// <summary>A later message with the same text here makes this one worthless; null for what must arrive.</summary>
    public string? SupersededBy { get; }

    /// <summary>A text message as ComfyUI sends them.</summary>
    public static OutgoingMessage Text(string type, Func<JToken> data, string? supersededBy = null) =>
        new(
            () => Encoding.UTF8.GetBytes(PromptJson.Write(new JObject { ["type"] = type, ["data"] = data() })),
            isBinary: false,
            supersededBy
        );

    public static OutgoingMessage Binary(Func<byte[]> write, string? supersededBy = null) =>
        new(write, isBinary: true, supersededBy);
}
