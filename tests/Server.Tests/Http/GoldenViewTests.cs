using NodeHost.Images;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Server.Http;

/// <summary>Converted pictures against those that ComfyUI answered.</summary>
public sealed class GoldenViewTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [GoldenFact]
    public async Task View_Conversions_AreComfyUis()
    {
        var golden = Golden.Folder!;
        File.Copy(
            Path.Combine(golden, "input", "rgba128.png"),
            Path.Combine(shared.Server.Folder, "input", "golden.png"),
            overwrite: true
        );
        foreach (
            var (number, query, tolerance) in ((int, string, double)[])
                [
                    (1, "channel=rgb", 0),
                    (2, "channel=a", 0),
                    (3, "channel=rgba", 0),
                    (4, "preview=webp;80", 2),
                    (5, "preview=jpeg;50", 2),
                ]
        )
        {
            var expected = Decode(
                File.ReadAllBytes(Path.Combine(golden, "public", "http", $"view_channels_{number}.bin"))
            );
            var actual = Decode(
                await shared.Server.Http.GetByteArrayAsync($"/view?filename=golden.png&type=input&{query}")
            );
            Assert.Equal(
                (expected.Width, expected.Height, expected.Channels),
                (actual.Width, actual.Height, actual.Channels)
            );
            var difference = expected.Data.Zip(actual.Data, (left, right) => Math.Abs(left - right)).Average();
            Assert.InRange(difference, 0, tolerance);
        }
    }

    private static PixelBuffer Decode(byte[] file) => ImageDecoder.Decode(file, "golden").Frames[0];
}
