using System.Buffers.Binary;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Api.Files;

/// <summary>The texts that the header of a safetensors file carries.</summary>
internal static class SafetensorsMetadata
{
    private const int LongestHeader = 1 << 20;

    /// <summary>Null when the file has none, or its header is longer than anybody needs for them.</summary>
    public static JObject? Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            stream.ReadExactly(prefix);
            var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (length > LongestHeader)
            {
                return null;
            }
            var header = new byte[length];
            stream.ReadExactly(header);
            return PromptJson.Parse(Encoding.UTF8.GetString(header))["__metadata__"] as JObject;
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
