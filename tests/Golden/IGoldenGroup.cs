namespace NodeHost.Golden;

/// <summary>One kind of golden data: the file or folder it is found by, and how its cases are run.</summary>
internal interface IGoldenGroup
{
    /// <summary>Name of the group, as the golden README's table has it.</summary>
    string Name { get; }

    /// <summary>Entry of the folder that shows the group is there.</summary>
    string Marker { get; }

    /// <summary>Runs the cases whose name the filter accepts, one result each.</summary>
    IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted);
}
