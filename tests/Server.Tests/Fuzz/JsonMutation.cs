using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server.Fuzz;

/// <summary>Spoils JSON in ways that clients and attackers do; the same random numbers give the same damage.</summary>
/// <remarks>Values stay out of the range in which an accepted prompt would ask for gigabytes of pictures.</remarks>
internal static class JsonMutation
{
    private const int DeepLevels = 300;

    /// <summary>The text of a document with a few things about it changed, still JSON or no longer.</summary>
    public static string Mutate(JToken document, Random random)
    {
        var copy = document.DeepClone();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            Change(ref copy, random);
        }
        var text = copy.ToString(Newtonsoft.Json.Formatting.None);
        return random.Next(4) == 0 ? Damage(text, random) : text;
    }

    private static void Change(ref JToken document, Random random)
    {
        var places = ((document as JContainer)?.DescendantsAndSelf() ?? [document]).Where(token =>
            token is not JProperty
        );
        var place = Pick([.. places], random);
        switch (random.Next(5))
        {
            case 0 when place.Parent is JProperty property:
                property.Remove();
                break;
            case 1 when place is JObject target:
                target[Pick(Texts, random)] = Value(random);
                break;
            case 2 when place is JArray target:
                target.Insert(random.Next(target.Count + 1), Value(random));
                break;
            case 3 when place.Parent is JProperty { Parent: JObject owner } property:
                var name = Pick([.. Texts, .. owner.Properties().Select(other => other.Name)], random);
                if (!owner.ContainsKey(name))
                {
                    property.Replace(new JProperty(name, place));
                }
                break;
            default:
                var value = Value(random);
                if (place.Parent is null)
                {
                    document = value;
                }
                else
                {
                    place.Replace(value);
                }
                break;
        }
    }

    private static JToken Value(Random random) =>
        random.Next(9) switch
        {
            0 => JValue.CreateNull(),
            1 => random.Next(2) == 0,
            2 => random.Next(-3, 9),
            3 => Pick<JToken>([long.MinValue, ulong.MaxValue, 1e308, -0.5, 1e-320], random),
            4 => Pick(Texts, random),
            5 => new JArray(),
            6 => new JArray(Pick<JToken>(["1", "2", "5", "none", 1, -1], random), random.Next(-2, 4)),
            7 => new JObject(),
            _ => Nest(random.Next(1, DeepLevels)),
        };

    private static JToken Nest(int levels)
    {
        JToken nested = 1;
        for (var level = 0; level < levels; level++)
        {
            nested = level % 2 == 0 ? new JArray(nested) : new JObject { ["a"] = nested };
        }
        return nested;
    }

    /// <summary>Bytes lost, doubled or replaced.</summary>
    private static string Damage(string text, Random random)
    {
        if (text.Length == 0)
        {
            return text;
        }
        var at = random.Next(text.Length);
        var length = random.Next(Math.Min(20, text.Length - at) + 1);
        return random.Next(4) switch
        {
            0 => text[..at],
            1 => text.Remove(at, length),
            2 => text.Insert(at, text.Substring(at, length)),
            _ => text.Insert(at, Pick(["NaN", "\0", "\\u", "}", "[", "\"", "1e999", "\ud800", ",,"], random)),
        };
    }

    private static T Pick<T>(T[] values, Random random) => values[random.Next(values.Length)];

    private static readonly string[] Texts =
    [
        "",
        "class_type",
        "inputs",
        "prompt",
        "client_id",
        "is_changed",
        "__value__",
        "$ref",
        "../../etc/passwd",
        "a\0b",
        "\ud83d\ude00 \u202e",
        "KSampler",
        "NoSuchNode",
        new('x', 5000),
    ];
}
