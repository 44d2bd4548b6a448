using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Events;

/// <summary>A message on its way to sockets. It is written when the first socket sends it, and then shared by all of them.</summary>
internal sealed class OutgoingMessage
{
    private readonly Lazy<byte[]> _bytes;
    private readonly Func<JToken> _data;

    private OutgoingMessage(string type, Func<JToken> data, Func<byte[]> write, bool isBinary, string? supersededBy)
    {
        _bytes = new(write);
        _data = data;
        Type = type;
        IsBinary = isBinary;
        SupersededBy = supersededBy;
    }

    public string Type { get; }

    /// <summary>What a text message says.</summary>
    public JToken Data => _data();

    /// <summary>The whole message as it goes out on a socket.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Value;

    public bool IsBinary { get; }

    /// <summary>A later message with the same text here makes this one worthless; null for what must arrive.</summary>
    public string? SupersededBy { get; }

    /// <summary>A text message as ComfyUI sends them.</summary>
    public static OutgoingMessage Text(string type, Func<JToken> data, string? supersededBy = null) =>
        new(
            type,
            data,
            () => Encoding.UTF8.GetBytes(PromptJson.Write(new JObject { ["type"] = type, ["data"] = data() })),
            isBinary: false,
            supersededBy
        );

    public static OutgoingMessage Binary(Func<byte[]> write, string? supersededBy = null) =>
        new("", JValue.CreateNull, write, isBinary: true, supersededBy);
}
