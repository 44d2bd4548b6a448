using System.Globalization;
using System.Text.RegularExpressions;
using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Networks.Upscaling;

/// <summary>The three ways in which files name an RRDB network's layers; BasicSR's is the one that is asked for.</summary>
/// <remarks>Correspondence (Apache-2.0): https://github.com/xinntao/ESRGAN/blob/master/transer_RRDB_models.py</remarks>
internal static partial class RrdbNames
{
    private static readonly Dictionary<string, string> ReleasedNames = new()
    {
        ["trunk_conv"] = "conv_body",
        ["upconv1"] = "conv_up1",
        ["upconv2"] = "conv_up2",
        ["upconv3"] = "conv_up3",
        ["HRconv"] = "conv_hr",
    };

    /// <summary>The file with BasicSR's names; null when it is no RRDB network.</summary>
    public static IWeightSource? Find(IWeightSource source)
    {
        var keys = source.Entries;
        var prefix = keys.Keys.All(key => key.StartsWith("module.", StringComparison.Ordinal)) ? "module." : "";
        if (keys.ContainsKey($"{prefix}body.0.rdb1.conv1.weight") && keys.ContainsKey($"{prefix}conv_first.weight"))
        {
            return prefix.Length == 0 ? source : new RenamedSource(source, key => key[prefix.Length..]);
        }
        if (keys.ContainsKey($"{prefix}RRDB_trunk.0.RDB1.conv1.weight"))
        {
            return new RenamedSource(source, key => FromRelease(key[prefix.Length..]));
        }
        if (keys.ContainsKey($"{prefix}model.1.sub.0.RDB1.conv1.0.weight"))
        {
            var layers = keys
                .Keys.Select(key => OldLayerPattern().Match(key[prefix.Length..]))
                .Where(match => match.Success)
                .Select(match => Number(match, 1))
                .DefaultIfEmpty()
                .Max();
            var blocks = keys
                .Keys.Select(key => OldTrunkPattern().Match(key[prefix.Length..]))
                .Where(match => match.Success)
                .Select(match => Number(match, 1))
                .DefaultIfEmpty()
                .Max();
            return new RenamedSource(source, key => FromOld(key[prefix.Length..], layers, blocks));
        }
        return null;
    }

    private static string FromRelease(string key)
    {
        var layer = key.Split('.')[0];
        return ReleasedNames.TryGetValue(layer, out var name) ? name + key[layer.Length..]
            : layer == "RRDB_trunk" ? "body" + key[layer.Length..].Replace(".RDB", ".rdb", StringComparison.Ordinal)
            : key;
    }

    // A list of layers in which doublings and activations count: the first, the trunk, (doubling, convolution, activation)
    // for each doubling, the convolution of the large picture, an activation, the last.
    private static string FromOld(string key, int lastLayer, int trunkEnd)
    {
        if (OldBlockPattern().Match(key) is { Success: true } block)
        {
            return $"body.{block.Groups[1].Value}.rdb{block.Groups[2].Value}.conv{block.Groups[3].Value}.{block.Groups[4].Value}";
        }
        if (OldTrunkPattern().Match(key) is { Success: true } trunk && Number(trunk, 1) == trunkEnd)
        {
            return $"conv_body.{trunk.Groups[2].Value}";
        }
        if (OldLayerPattern().Match(key) is not { Success: true } match)
        {
            return key;
        }
        var layer = Number(match, 1);
        var name =
            layer == 0 ? "conv_first"
            : layer == lastLayer ? "conv_last"
            : layer == lastLayer - 2 ? "conv_hr"
            : layer % 3 == 0 ? $"conv_up{layer / 3}"
            : null;
        return name is null ? key : $"{name}.{match.Groups[2].Value}";
    }

    private static int Number(Match match, int group) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^model\.(\d{1,3})\.(weight|bias)$")]
    private static partial Regex OldLayerPattern();

    [GeneratedRegex(@"^model\.1\.sub\.(\d{1,3})\.(weight|bias)$")]
    private static partial Regex OldTrunkPattern();

    [GeneratedRegex(@"^model\.1\.sub\.(\d{1,3})\.RDB([123])\.conv([1-5])\.0\.(weight|bias)$")]
    private static partial Regex OldBlockPattern();
}
