namespace NodeHost.Tensors.Pickle;

/// <summary>Finds the dictionary of tensors in what a pickle holds; one level down at most, so cycles cannot matter.</summary>
internal static class StateDictionary
{
    /// <summary>Names under which trainers put the weights, beside epochs and optimizers; embeddings' is the second.</summary>
    private static readonly string[] First = ["state_dict", "string_to_param"];

    /// <summary>Looked at where the object has no tensors of its own.</summary>
    private static readonly string[] Then = ["model", "params_ema", "params-ema", "params", "model_state_dict", "net"];

    public static Dictionary<string, PickleTensor> Find(string path, object? value)
    {
        if (value is PickleList list && Numbered(list) is { Count: > 0 } numbered)
        {
            return numbered;
        }
        if (value is PickleDictionary root)
        {
            foreach (var candidate in Candidates(root))
            {
                var tensors = TensorsOf(candidate);
                if (tensors.Count > 0)
                {
                    return tensors;
                }
            }
        }
        throw new PickleException(
            path,
            PickleRefusal.NotAStateDict,
            $"expected a dictionary of tensors (or one under 'state_dict' or 'model'), got {PickleReduction.Describe(value)} "
                + "without any. Choose a file that holds weights."
        );
    }

    private static IEnumerable<PickleDictionary> Candidates(PickleDictionary root)
    {
        foreach (var name in First)
        {
            if (root.Items.GetValueOrDefault(name) is PickleDictionary inner)
            {
                yield return inner;
            }
        }
        yield return root;
        foreach (var name in Then)
        {
            if (root.Items.GetValueOrDefault(name) is PickleDictionary inner)
            {
                yield return inner;
            }
        }
        if (root.Items.Count == 1 && root.Items.Values.First() is PickleDictionary only)
        {
            yield return only;
        }
    }

    /// <summary>A list of dictionaries, as some embeddings are: keys begin with the place in the list, <c>0.clip_l</c>.</summary>
    private static Dictionary<string, PickleTensor> Numbered(PickleList list) =>
        list
            .Items.Select((item, index) => (Item: item as PickleDictionary, Index: index))
            .Where(entry => entry.Item is not null)
            .SelectMany(entry => TensorsOf(entry.Item!).Select(pair => ($"{entry.Index}.{pair.Key}", pair.Value)))
            .ToDictionary(pair => pair.Item1, pair => pair.Value, StringComparer.Ordinal);

    private static Dictionary<string, PickleTensor> TensorsOf(PickleDictionary dictionary) =>
        dictionary
            .Items.Where(pair => pair.Value is PickleTensor)
            .ToDictionary(pair => pair.Key, pair => (PickleTensor)pair.Value!, StringComparer.Ordinal);
}
