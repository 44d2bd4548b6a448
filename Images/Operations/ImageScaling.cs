using NodeHost.Images.Resampling;
using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>Resizes batches of pictures [B, H, W, C] with ComfyUI's methods.</summary>
public static class ImageScaling
{
    public static UpscaleMethod Parse(string name) =>
        name switch
        {
            "nearest-exact" => UpscaleMethod.NearestExact,
            "bilinear" => UpscaleMethod.Bilinear,
            "area" => UpscaleMethod.Area,
            "bicubic" => UpscaleMethod.Bicubic,
            "lanczos" => UpscaleMethod.Lanczos,
            _ => throw new ArgumentException(
                $"Upscale method: expected nearest-exact, bilinear, area, bicubic or lanczos, given '{name}'.",
                nameof(name)
            ),
        };

    /// <summary>Resizes, after cutting off equally on both sides what does not fit the new proportions if asked to.</summary>
    public static Tensor Resize(Tensor images, long width, long height, UpscaleMethod method, bool cropCentre = false)
    {
        if (width < 1 || height < 1)
        {
            throw new ImageException(
                $"Resize: expected a width and height of at least 1, given {width}x{height} for {images}. Choose a larger size."
            );
        }

        var cropped = cropCentre ? CropToProportions(images, width, height) : images;
        if (method == UpscaleMethod.Lanczos)
        {
            return ResizeLanczos(cropped, width, height);
        }

        var mode = method switch
        {
            UpscaleMethod.NearestExact => InterpolationMode.NearestExact,
            UpscaleMethod.Bilinear => InterpolationMode.Bilinear,
            UpscaleMethod.Area => InterpolationMode.Area,
            _ => InterpolationMode.Bicubic,
        };
        return Functional.Interpolate(cropped.Permute(0, 3, 1, 2), height, width, mode).Permute(0, 2, 3, 1);
    }

    /// <summary>Resizes masks [B, H, W] bilinearly.</summary>
    public static Tensor ResizeMask(Tensor masks, long width, long height)
    {
        var pictures = masks.Reshape(-1, 1, masks.Length(-2), masks.Length(-1));
        return Functional.Interpolate(pictures, height, width, InterpolationMode.Bilinear).Squeeze(1);
    }

    /// <summary>Cuts off equally on both sides what does not fit the proportions; half-way cases round to even, as in Python.</summary>
    public static Tensor CropToProportions(Tensor images, long width, long height)
    {
        var (oldHeight, oldWidth) = (images.Length(1), images.Length(2));
        var oldAspect = (double)oldWidth / oldHeight;
        var newAspect = (double)width / height;
        if (oldAspect > newAspect)
        {
            var x = (long)Math.Round((oldWidth - (oldWidth * (newAspect / oldAspect))) / 2);
            return images.Slice(2, x, oldWidth - x);
        }

        if (oldAspect < newAspect)
        {
            var y = (long)Math.Round((oldHeight - (oldHeight * (oldAspect / newAspect))) / 2);
            return images.Slice(1, y, oldHeight - y);
        }

        return images;
    }

    // On 8-bit pictures, as Pillow's resize works on nothing else.
    private static Tensor ResizeLanczos(Tensor images, long width, long height)
    {
        var pictures = ImageTensors.ToPictures(images);
        var resized = pictures.Select(picture =>
            Resampler.Resize(picture, checked((int)width), checked((int)height), ResampleFilter.Lanczos)
        );
        // In memory channel after channel, as ComfyUI's stack of planes: convolutions behind it round by the layout.
        return ImageTensors
            .ToTensor([.. resized], (int)images.Length(3))
            .Permute(0, 3, 1, 2)
            .Contiguous()
            .Permute(0, 2, 3, 1);
    }
}
