using System.Text;
using System.Text.Json;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>The normalizers of a Hugging Face <c>tokenizer.json</c> that T5's tokenizers have, in their order.</summary>
internal static class NormalizerSteps
{
    public static IReadOnlyList<Func<string, string>> Read(JsonElement normalizer)
    {
        List<Func<string, string>> steps = [];
        Add(normalizer, steps);
        return steps;
    }

    private static void Add(JsonElement normalizer, List<Func<string, string>> steps)
    {
        if (normalizer.ValueKind == JsonValueKind.Null)
        {
            return;
        }
        switch (normalizer.GetProperty("type").GetString())
        {
            case "Sequence":
                foreach (var step in normalizer.GetProperty("normalizers").EnumerateArray())
                {
                    Add(step, steps);
                }
                break;
            case "Precompiled":
                var map = new PrecompiledCharsMap(normalizer.GetProperty("precompiled_charsmap").GetBytesFromBase64());
                steps.Add(map.Normalize);
                break;
            case "Strip":
                var left = normalizer.GetProperty("strip_left").GetBoolean();
                var right = normalizer.GetProperty("strip_right").GetBoolean();
                steps.Add(text => Strip(text, left, right));
                break;
            case "Replace" when IsRunOfSpaces(normalizer.GetProperty("pattern")):
                var content = normalizer.GetProperty("content").GetString()!;
                steps.Add(text => ReplaceRunsOfSpaces(text, content));
                break;
            case var type:
                throw new FormatException($"its normalizer '{type}' is not one that T5's tokenizers have");
        }
    }

    private static bool IsRunOfSpaces(JsonElement pattern) =>
        pattern.TryGetProperty("Regex", out var regex) && regex.GetString() == " {2,}";

    private static string Strip(string text, bool left, bool right)
    {
        text = left ? text.TrimStart() : text;
        return right ? text.TrimEnd() : text;
    }

    private static string ReplaceRunsOfSpaces(string text, string replacement)
    {
        if (!text.Contains("  ", StringComparison.Ordinal))
        {
            return text;
        }
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; )
        {
            var run = text.AsSpan(i).IndexOfAnyExcept(' ');
            run = run < 0 ? text.Length - i : run;
            if (run >= 2)
            {
                result.Append(replacement);
                i += run;
            }
            else
            {
                result.Append(text[i++]);
            }
        }
        return result.ToString();
    }
}
