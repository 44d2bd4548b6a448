using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Networks.Upscaling;

/// <summary>RRDB and compact networks written out from their papers, over weights by BasicSR's names.</summary>
internal sealed class NaiveUpscalers(IReadOnlyDictionary<string, Tensor> weights)
{
    public Plane Rrdb(Plane picture, int blocks, int doublings, int folding)
    {
        var (height, width) = (picture.Height, picture.Width);
        var features = Layer("conv_first", Fold(picture, folding));
        var body = features;
        for (var block = 0; block < blocks; block++)
        {
            var start = body;
            for (var dense = 1; dense <= 3; dense++)
            {
                body = Dense($"body.{block}.rdb{dense}", body);
            }
            body = body.Add(start, 0.2);
        }
        features = Layer("conv_body", body).Add(features);
        for (var doubling = 1; doubling <= doublings; doubling++)
        {
            features = Leaky(Layer($"conv_up{doubling}", features.Enlarge(2)));
        }
        var whole = Layer("conv_last", Leaky(Layer("conv_hr", features)));
        var scale = (1 << doublings) / folding;
        return Plane.Of(3, height * scale, width * scale, whole.At);
    }

    public Plane Compact(Plane picture, int convolutions, int scale, bool hasSlopes)
    {
        var x = picture;
        for (var layer = 0; layer <= convolutions; layer++)
        {
            var made = Layer($"body.{layer * 2}", x);
            var slopes = hasSlopes ? Values($"body.{layer * 2 + 1}.weight") : new float[made.Channels];
            x = Plane.Of(
                made.Channels,
                made.Height,
                made.Width,
                (c, row, column) => made.At(c, row, column) is var v && v < 0 ? v * slopes[c] : made.At(c, row, column)
            );
        }
        var last = Layer($"body.{(convolutions + 1) * 2}", x);
        return Plane.Of(
            3,
            picture.Height * scale,
            picture.Width * scale,
            (c, row, column) =>
                last.At(c * scale * scale + row % scale * scale + column % scale, row / scale, column / scale)
                + picture.At(c, row / scale, column / scale)
        );
    }

    private Plane Dense(string name, Plane x)
    {
        var seen = x;
        for (var layer = 1; layer <= 4; layer++)
        {
            seen = seen.Beside(Leaky(Layer($"{name}.conv{layer}", seen)));
        }
        return Layer($"{name}.conv5", seen).Add(x, 0.2);
    }

    // Channel c's pixel (dy, dx) of each square becomes channel c * n * n + dy * n + dx; missing pixels are mirrored.
    private static Plane Fold(Plane picture, int n)
    {
        int Mirror(int place, int length) => place < length ? place : 2 * (length - 1) - place;
        return Plane.Of(
            picture.Channels * n * n,
            (picture.Height + n - 1) / n,
            (picture.Width + n - 1) / n,
            (c, y, x) =>
                picture.At(
                    c / (n * n),
                    Mirror(y * n + c % (n * n) / n, picture.Height),
                    Mirror(x * n + c % n, picture.Width)
                )
        );
    }

    private static Plane Leaky(Plane x) => x.Map(value => value < 0 ? 0.2 * value : value);

    private Plane Layer(string name, Plane x) => x.Convolve(Values($"{name}.weight"), Values($"{name}.bias"));

    private float[] Values(string key) => weights[key].ToArray<float>();
}
