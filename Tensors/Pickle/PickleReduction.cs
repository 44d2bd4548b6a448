using System.Collections.Immutable;

namespace NodeHost.Tensors.Pickle;

/// <summary>The calls of the allow-list, done on data.</summary>
internal static class PickleReduction
{
    private const int BytesOfPair = 32;

    /// <summary>The call's result.</summary>
    /// <exception cref="PickleException">The arguments do not fit.</exception>
    public static object? Apply(PickleReader reader, object? function, object? arguments)
    {
        if (function is not PickleGlobal global || arguments is not PickleTuple { Items: var items })
        {
            throw reader.Refuse(
                PickleRefusal.BadArguments,
                $"a call of {Describe(function)} with {Describe(arguments)}; only allowed functions are called, with a tuple"
            );
        }
        return global.Function switch
        {
            PickleFunction.OrderedDict when items is [] => new PickleDictionary(),
            PickleFunction.OrderedDict when items is [PickleList pairs] && FromPairs(reader, pairs) is { } dictionary =>
                dictionary,
            PickleFunction.RebuildTensor when items.Length == 4 => Rebuild(reader, global, items),
            PickleFunction.RebuildTensorV2 when items.Length is 6 or 7 => Rebuild(reader, global, items),
            PickleFunction.RebuildParameter when items is [PickleTensor tensor, _, _] => tensor,
            PickleFunction.Size when items is [PickleTuple sizes] => sizes,
            PickleFunction.Encode when items is [string, string] => PickleInert.Instance,
            PickleFunction.Inert => PickleInert.Instance,
            _ => throw BadArguments(reader, global, items),
        };
    }

    /// <summary>What a value is, for messages; never walks into it.</summary>
    public static string Describe(object? value) =>
        value switch
        {
            null => "None",
            string text => $"'{(text.Length <= 80 ? text : text[..80] + "...")}'",
            byte[] bytes => $"{bytes.Length} bytes",
            PickleGlobal global => global.Name,
            PickleTuple tuple => $"a tuple of {tuple.Items.Length}",
            PickleList list => $"a list of {list.Items.Count}",
            PickleDictionary dictionary => $"a dictionary of {dictionary.Items.Count}",
            PickleTensor tensor => $"a tensor of {tensor.Shape.Length} dimensions",
            PickleStorage => "a storage",
            PickleInert => "an object",
            _ => $"the number {value}",
        };

    private static PickleTensor Rebuild(PickleReader reader, PickleGlobal global, ImmutableArray<object?> items)
    {
        if (
            items[0] is not PickleStorage storage
            || items[1] is not long offset
            || ToNumbers(items[2]) is not { } shape
            || ToNumbers(items[3]) is not { } strides
        )
        {
            throw BadArguments(reader, global, items);
        }
        return PickleTensor.Create(storage, offset, shape, strides)
            ?? throw reader.Refuse(
                PickleRefusal.TensorBounds,
                $"a tensor [{Join(shape)}] with strides [{Join(strides)}] from element {offset} does not lie inside "
                    + $"its storage '{storage.Data.Key}' of {storage.Count} elements. The file is damaged or hostile"
            );
    }

    private static PickleException BadArguments(
        PickleReader reader,
        PickleGlobal global,
        ImmutableArray<object?> items
    ) =>
        reader.Refuse(
            PickleRefusal.BadArguments,
            $"arguments that {global.Name} does not take: ({string.Join(", ", items.Take(8).Select(Describe))})"
        );

    private static string Join(ImmutableArray<long> numbers) => string.Join(", ", numbers.Take(8));

    // Python 2 pickled ordered dictionaries as a list of [key, value].
    private static PickleDictionary? FromPairs(PickleReader reader, PickleList pairs)
    {
        reader.Charge((long)pairs.Items.Count * BytesOfPair);
        var dictionary = new PickleDictionary();
        foreach (var pair in pairs.Items)
        {
            switch (pair)
            {
                case PickleList { Items: [var key, var value] }:
                    dictionary.Set(key, value);
                    break;
                case PickleTuple { Items: [var key, var value] }:
                    dictionary.Set(key, value);
                    break;
                default:
                    return null;
            }
        }
        return dictionary;
    }

    private static ImmutableArray<long>? ToNumbers(object? value)
    {
        if (
            value is not PickleTuple { Items.Length: <= PickleTensor.MostDimensions } tuple
            || tuple.Items.Any(item => item is not long)
        )
        {
            return null;
        }
        return [.. tuple.Items.Select(item => (long)item!)];
    }
}
