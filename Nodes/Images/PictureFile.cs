using System.Security.Cryptography;
using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>What the nodes that load a picture by name have in common.</summary>
internal static class PictureFile
{
    private const int EmptyMaskSide = 64;

    public static ValidationVerdict Validate(ValidationContext context, string name, FolderKind folder) =>
        context.Get<IFolderPaths>().FindPicture(name, folder) is null
            ? ValidationVerdict.Because($"Invalid image file: {name}")
            : ValidationVerdict.Accepted;

    /// <summary>Differs when the content of the file does.</summary>
    public static string Fingerprint(NodeContext context, string name, FolderKind folder)
    {
        using var stream = File.OpenRead(context.Get<IFolderPaths>().RequirePicture(name, folder));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public static DecodedImage Decode(NodeContext context, string name, FolderKind folder)
    {
        var path = context.Get<IFolderPaths>().RequirePicture(name, folder);
        try
        {
            return ImageDecoder.DecodeFile(path, context.Find<DecodeLimits>());
        }
        catch (Exception error) when (error is ImageException or IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"input 'image': {error.Message}", error);
        }
    }

    /// <summary>All frames, and 1 - alpha; a mask of 64x64 zeros stands for no alpha.</summary>
    public static (Image Image, Mask Mask) Load(NodeContext context, string name, FolderKind folder)
    {
        var picture = Decode(context, name, folder);
        var mask =
            picture.Alpha == AlphaSource.Channel
                ? ImageTensors.AlphaToMask(picture.Frames)
                : Tensor.Zeros([picture.Frames.Count, EmptyMaskSide, EmptyMaskSide]);
        return (new Image(ImageTensors.ToTensor(picture.Frames)), new Mask(mask));
    }
}
