using NodeHost.Diffusion.Networks.Upscaling;

namespace NodeHost.Tests.Diffusion.Networks.Upscaling;

/// <summary>Keys and shapes of upscalers, and the older names of the same weights.</summary>
internal static class UpscalerWeights
{
    public static Dictionary<string, long[]> Shapes(RrdbConfig config)
    {
        var shapes = new Dictionary<string, long[]>();
        var (features, growth) = (config.Features, config.Growth);
        Layer("conv_first", 3 * config.Folding * config.Folding, features);
        for (var block = 0; block < config.Blocks; block++)
        {
            for (var dense = 1; dense <= 3; dense++)
            {
                for (var layer = 0; layer < 5; layer++)
                {
                    Layer(
                        $"body.{block}.rdb{dense}.conv{layer + 1}",
                        features + layer * growth,
                        layer == 4 ? features : growth
                    );
                }
            }
        }
        Layer("conv_body", features, features);
        for (var doubling = 1; doubling <= config.Doublings; doubling++)
        {
            Layer($"conv_up{doubling}", features, features);
        }
        Layer("conv_hr", features, features);
        Layer("conv_last", features, 3);
        return shapes;

        void Layer(string name, long inputs, long outputs)
        {
            shapes[$"{name}.weight"] = [outputs, inputs, 3, 3];
            shapes[$"{name}.bias"] = [outputs];
        }
    }

    public static Dictionary<string, long[]> Shapes(CompactConfig config)
    {
        var shapes = new Dictionary<string, long[]>();
        for (var layer = 0; layer <= config.Convolutions + 1; layer++)
        {
            var isLast = layer > config.Convolutions;
            var outputs = isLast ? 3 * config.Scale * config.Scale : config.Features;
            shapes[$"body.{layer * 2}.weight"] = [outputs, layer == 0 ? 3 : config.Features, 3, 3];
            shapes[$"body.{layer * 2}.bias"] = [outputs];
            if (config.HasSlopes && !isLast)
            {
                shapes[$"body.{layer * 2 + 1}.weight"] = [config.Features];
            }
        }
        return shapes;
    }

    /// <summary>As ESRGAN was released.</summary>
    public static string Released(string key) =>
        key.Replace("body.", "RRDB_trunk.")
            .Replace(".rdb", ".RDB")
            .Replace("conv_body", "trunk_conv")
            .Replace("conv_up", "upconv")
            .Replace("conv_hr", "HRconv")
            .Replace("conv_RRDB_trunk.", "trunk_conv.");

    /// <summary>As its first code numbered the layers.</summary>
    public static string Old(string key, RrdbConfig config)
    {
        var hr = 2 + 3 * config.Doublings;
        var numbered = key.Replace("conv_first", "model.0")
            .Replace("conv_body", $"model.1.sub.{config.Blocks}")
            .Replace("conv_hr", $"model.{hr}")
            .Replace("conv_last", $"model.{hr + 2}");
        for (var doubling = 1; doubling <= config.Doublings; doubling++)
        {
            numbered = numbered.Replace($"conv_up{doubling}", $"model.{doubling * 3}");
        }
        return numbered.StartsWith("body.", StringComparison.Ordinal)
            ? numbered
                .Replace("body.", "model.1.sub.")
                .Replace(".rdb", ".RDB")
                .Replace(".weight", ".0.weight")
                .Replace(".bias", ".0.bias")
            : numbered;
    }
}
