namespace NodeHost.Nodes.Files;

/// <summary>The three folders of pictures that clients name: <c>input</c>, <c>output</c>, <c>temp</c>.</summary>
public enum FolderKind
{
    Input,
    Output,
    Temp,
}

/// <summary>The kinds as clients write them.</summary>
public static class FolderKinds
{
    public static string WireName(this FolderKind kind) =>
        kind switch
        {
            FolderKind.Input => "input",
            FolderKind.Output => "output",
            _ => "temp",
        };

    /// <summary>Null for a name that is none of the three.</summary>
    public static FolderKind? Parse(string? name) =>
        name switch
        {
            "input" => FolderKind.Input,
            "output" => FolderKind.Output,
            "temp" => FolderKind.Temp,
            _ => null,
        };
}
