using Newtonsoft.Json.Linq;

namespace NodeHost.Golden.Comparison;

/// <summary>JSON as clients see it: order of keys does not matter, numbers are equal by value.</summary>
internal static class JsonComparison
{
    /// <summary>Path, expected and given of the first difference; null when there is none.</summary>
    public static string? FirstDifference(JToken expected, JToken actual, string path = "")
    {
        switch (expected, actual)
        {
            case (JObject left, JObject right):
                var keys = left.Properties().Select(property => property.Name).ToHashSet();
                keys.SymmetricExceptWith(right.Properties().Select(property => property.Name));
                return keys.Count > 0
                    ? $"{path}: only one side has {string.Join(", ", keys.Order(StringComparer.Ordinal))}"
                    : left.Properties()
                        .Select(property =>
                            FirstDifference(property.Value, right[property.Name]!, $"{path}/{property.Name}")
                        )
                        .FirstOrDefault(difference => difference is not null);
            case (JArray left, JArray right):
                return left.Zip(right)
                        .Select((pair, index) => FirstDifference(pair.First, pair.Second, $"{path}/{index}"))
                        .FirstOrDefault(difference => difference is not null)
                    ?? (left.Count == right.Count ? null : $"{path}: expected {left.Count} entries, got {right.Count}");
            case (JValue left, JValue right) when IsNumber(left) && IsNumber(right):
                return left.Value<double>().Equals(right.Value<double>()) ? null : Describe();
            default:
                return JToken.DeepEquals(expected, actual) ? null : Describe();
        }

        string Describe() =>
            $"{path}: expected {expected.ToString(Newtonsoft.Json.Formatting.None)}, got {actual.ToString(Newtonsoft.Json.Formatting.None)}";
    }

    private static bool IsNumber(JValue value) => value.Type is JTokenType.Integer or JTokenType.Float;
}
