using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NodeHost.Api;

/// <summary>Puts JSON together from pieces that are UTF-8 text already, without reading them again.</summary>
internal sealed class JsonWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public JsonWriter Raw(string text)
    {
        Encoding.UTF8.GetBytes(text, _buffer);
        return this;
    }

    public JsonWriter Raw(ReadOnlyMemory<byte> utf8)
    {
        _buffer.Write(utf8.Span);
        return this;
    }

    public JsonWriter Text(string text) =>
        Raw("\"").Raw(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()).Raw("\"");

    public JsonWriter Array(IReadOnlyList<ReadOnlyMemory<byte>> items)
    {
        Raw("[");
        for (var index = 0; index < items.Count; index++)
        {
            Raw(index == 0 ? "" : ",").Raw(items[index]);
        }
        return Raw("]");
    }
}
