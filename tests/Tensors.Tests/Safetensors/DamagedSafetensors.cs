using System.Globalization;
using System.Text;

namespace NodeHost.Tests.Tensors.Safetensors;

/// <summary>A small safetensors file with one to three things wrong, the same for the same seed.</summary>
internal sealed class DamagedSafetensors(int seed)
{
    private static readonly string[] DTypeNames =
    [
        "F64",
        "F32",
        "F16",
        "BF16",
        "I64",
        "I32",
        "I16",
        "I8",
        "U8",
        "BOOL",
        "F8_E4M3",
        "F8_E5M2",
    ];
    private static readonly int[] DTypeSizes = [8, 4, 2, 2, 8, 4, 2, 1, 1, 1, 1, 1];
    private static readonly string[] Numbers =
    [
        "-1",
        "0",
        "1",
        "7",
        "4294967296",
        "9223372036854775807",
        "18446744073709551615",
        "1e30",
        "1.5",
        "null",
        "\"4\"",
        "[]",
    ];
    private static readonly string[] Fragments =
    [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\u0000",
        "\\ud800",
        "null",
        "\u00e9",
        "{\"a\":",
        "\"__metadata__\":{\"x\":\"y\"},",
        "1e999",
    ];

    private readonly Random _random = new(seed);

    public byte[] Make()
    {
        var header = new StringBuilder("{");
        var offset = 0L;
        var count = _random.Next(0, 6);
        for (var index = 0; index < count; index++)
        {
            var kind = _random.Next(DTypeNames.Length);
            var shape = Enumerable.Range(0, _random.Next(0, 4)).Select(_ => _random.Next(0, 5)).ToArray();
            var bytes = shape.Aggregate((long)DTypeSizes[kind], (product, size) => product * size);
            header
                .Append(index == 0 ? "" : ",")
                .Append(
                    CultureInfo.InvariantCulture,
                    $"\"t{index}\":{{\"dtype\":\"{DTypeNames[kind]}\",\"shape\":[{string.Join(",", shape)}],"
                )
                .Append(CultureInfo.InvariantCulture, $"\"data_offsets\":[{offset},{offset + bytes}]}}");
            offset += bytes;
        }
        header.Append('}');
        var text = header.ToString();
        for (var round = _random.Next(0, 3); round >= 0; round--)
        {
            text = DamageText(text);
        }
        return DamageBytes(RawSafetensors.Make(text, (int)offset));
    }

    private string DamageText(string text)
    {
        switch (_random.Next(7))
        {
            case 0:
                return ReplaceNumber(text, Numbers[_random.Next(Numbers.Length)]);
            case 1:
                return ReplaceNumber(text, _random.NextInt64().ToString(CultureInfo.InvariantCulture));
            case 2:
                return text.Insert(_random.Next(text.Length + 1), Fragments[_random.Next(Fragments.Length)]);
            case 3:
                return text.Remove(_random.Next(text.Length), 1);
            case 4:
                return text.Replace("t1", "t0", StringComparison.Ordinal);
            case 5:
                return text.Insert(_random.Next(text.Length + 1), new string('[', _random.Next(1, 3000)));
            default:
                return text;
        }
    }

    private string ReplaceNumber(string text, string replacement)
    {
        var digits = Enumerable.Range(0, text.Length).Where(index => char.IsAsciiDigit(text[index])).ToArray();
        if (digits.Length == 0)
        {
            return text;
        }
        var at = digits[_random.Next(digits.Length)];
        return text[..at] + replacement + text[(at + 1)..];
    }

    private byte[] DamageBytes(byte[] file)
    {
        switch (_random.Next(6))
        {
            case 0:
                return file[.._random.Next(file.Length)];
            case 1:
                return [.. file, .. new byte[_random.Next(1, 20)]];
            case 2:
                file[_random.Next(8)] = (byte)_random.Next(256);
                return file;
            case 3:
                file[_random.Next(file.Length)] ^= (byte)(1 << _random.Next(8));
                return file;
            default:
                return file;
        }
    }
}
