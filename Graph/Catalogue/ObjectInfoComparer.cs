using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Catalogue;

/// <summary>Compares a node's <c>/object_info</c> entry with the one ComfyUI gives, order of keys included.</summary>
/// <remarks>
/// Numbers are equal by value (a FLOAT bound that ComfyUI happens to write as 0 equals 0.0). A list of choices that is
/// empty in the expected entry stands for a listing of files and equals any list.
/// </remarks>
public static class ObjectInfoComparer
{
    /// <summary>One line per difference: path, expected, given. Empty when the entries agree.</summary>
    public static IReadOnlyList<string> Differences(JToken expected, JToken actual)
    {
        var differences = new List<string>();
        Compare(expected, actual, "", differences);
        return differences;
    }

    private static void Compare(JToken expected, JToken actual, string path, List<string> differences)
    {
        switch (expected, actual)
        {
            case (JObject first, JObject second):
                CompareObjects(first, second, path, differences);
                break;
            case (JArray first, JArray second):
                CompareArrays(first, second, path, differences);
                break;
            case (JValue first, JValue second) when AreEqual(first, second):
                break;
            default:
                differences.Add($"{path}: expected {Show(expected)}, got {Show(actual)}");
                break;
        }
    }

    private static void CompareObjects(JObject expected, JObject actual, string path, List<string> differences)
    {
        var expectedKeys = expected.Properties().Select(property => property.Name).ToArray();
        var actualKeys = actual.Properties().Select(property => property.Name).ToArray();
        if (!expectedKeys.SequenceEqual(actualKeys))
        {
            differences.Add(
                $"{path}: expected keys [{string.Join(", ", expectedKeys)}], got [{string.Join(", ", actualKeys)}]"
            );
        }
        foreach (var key in expectedKeys.Intersect(actualKeys))
        {
            Compare(expected[key]!, actual[key]!, path.Length == 0 ? key : $"{path}.{key}", differences);
        }
    }

    private static void CompareArrays(JArray expected, JArray actual, string path, List<string> differences)
    {
        var standsForFiles =
            expected.Count == 0
            && (path.EndsWith(".options", StringComparison.Ordinal) || path.EndsWith("[0]", StringComparison.Ordinal));
        if (standsForFiles)
        {
            return;
        }
        if (expected.Count != actual.Count)
        {
            differences.Add($"{path}: expected {Show(expected)}, got {Show(actual)}");
            return;
        }
        for (var index = 0; index < expected.Count; index++)
        {
            Compare(expected[index], actual[index], $"{path}[{index}]", differences);
        }
    }

    private static bool AreEqual(JValue expected, JValue actual) =>
        (expected.Type, actual.Type) switch
        {
            // As text: a bound of 2^64-1 is a ulong in one entry and a BigInteger in the other.
            (JTokenType.Integer, JTokenType.Integer) => Show(expected) == Show(actual),
            _ when IsNumber(expected) && IsNumber(actual) => expected.Value<double>() == actual.Value<double>(),
            _ => expected.Type == actual.Type && JToken.DeepEquals(expected, actual),
        };

    private static bool IsNumber(JValue value) => value.Type is JTokenType.Integer or JTokenType.Float;

    private static string Show(JToken token) => token.ToString(Newtonsoft.Json.Formatting.None);
}
