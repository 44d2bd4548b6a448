using System.Buffers.Binary;
using System.Text;
using NodeHost.Graph.Events;
using NodeHost.Graph.Workflows;

namespace NodeHost.Events;

/// <summary>Binary frames as ComfyUI's clients read them: big-endian numbers, then what they measure.</summary>
internal static class BinaryFrames
{
    private const uint PreviewImage = 1;
    private const uint Text = 3;
    private const uint PreviewImageWithMetadata = 4;
    private const uint Jpeg = 1;
    private const uint Png = 2;

    /// <summary>Type 1: the format, then the picture.</summary>
    public static byte[] Preview(NodePreviewed preview) =>
        Frame(PreviewImage, preview.Preview.ImageType == "image/png" ? Png : Jpeg, [], preview.Preview.Bytes);

    /// <summary>Type 4: the length of the metadata, the metadata, then the picture.</summary>
    public static byte[] PreviewWithMetadata(NodePreviewed preview)
    {
        var metadata = Encoding.UTF8.GetBytes(PromptJson.Write(preview.ToJson()));
        return Frame(PreviewImageWithMetadata, (uint)metadata.Length, metadata, preview.Preview.Bytes);
    }

    /// <summary>Type 3: the length of the node's id, the id, then the text.</summary>
    public static byte[] ShownText(NodeTextShown shown)
    {
        var node = Encoding.UTF8.GetBytes(shown.NodeId);
        return Frame(Text, (uint)node.Length, node, Encoding.UTF8.GetBytes(shown.Text));
    }

    private static byte[] Frame(uint type, uint second, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> rest)
    {
        const int Head = 2 * sizeof(uint);
        var frame = new byte[Head + middle.Length + rest.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, type);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(sizeof(uint)), second);
        middle.CopyTo(frame.AsSpan(Head));
        rest.CopyTo(frame.AsSpan(Head + middle.Length));
        return frame;
    }
}
