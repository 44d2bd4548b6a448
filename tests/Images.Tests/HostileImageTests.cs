using NodeHost.Images;

namespace NodeHost.Tests.Images;

public sealed class HostileImageTests
{
    public static TheoryData<string> Formats { get; } = new("png", "apng", "jpeg", "webp", "gif", "tiff", "bmp");

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_MutatedBytes_GivesAPictureOrARefusal(string format)
    {
        var original = Sample(format);
        var random = new Random(20260);
        var refused = 0;
        for (var i = 0; i < 400; i++)
        {
            var file = Mutate(original, random);
            try
            {
                var image = ImageDecoder.Decode(file, "mutated", new DecodeLimits(4_000_000));
                Assert.NotEmpty(image.Frames);
            }
            catch (ImageException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 400);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var file = (byte[])original.Clone();
        for (var changes = random.Next(1, 8); changes > 0; changes--)
        {
            // Half of the changes hit the header, where sizes and offsets are.
            var end = random.Next(2) == 0 ? Math.Min(80, file.Length) : file.Length;
            file[random.Next(end)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? file[..random.Next(file.Length)] : file;
    }

    private static byte[] Sample(string format)
    {
        var picture = SyntheticPicture.Noise(33, 21, 3);
        return format switch
        {
            "png" => ImageEncoder.Png(picture, 4),
            "apng" => ImageEncoder.AnimatedPng([picture, picture], 100, 4, []),
            "jpeg" => ImageEncoder.Jpeg(picture, 80),
            "webp" => ImageEncoder.WebP([picture, picture], new WebPOptions()),
            "gif" => SampleFiles.AnimatedGif,
            "tiff" => SampleFiles.PagedTiff,
            _ => SampleFiles.Bitmap,
        };
    }
}
