namespace NodeHost.Graph.Contracts;

/// <summary>A number input: INT or FLOAT by the property's type, with bounds that the server enforces.</summary>
public class NumberAttribute : InputAttribute
{
    public NumberAttribute() { }

    public NumberAttribute(long min, long max)
    {
        Minimum = min;
        Maximum = max;
    }

    public NumberAttribute(double min, double max)
    {
        Minimum = min;
        Maximum = max;
    }

    private protected NumberAttribute(object min, object max)
    {
        Minimum = min;
        Maximum = max;
    }

    /// <summary>The lower bound alone, where there is no upper one.</summary>
    public double Min
    {
        get => Minimum is null ? double.NaN : Convert.ToDouble(Minimum);
        init => Minimum = value;
    }

    /// <summary>The upper bound alone, where there is no lower one.</summary>
    public double Max
    {
        get => Maximum is null ? double.NaN : Convert.ToDouble(Maximum);
        init => Maximum = value;
    }

    /// <summary>Step of the widget's arrows; not enforced.</summary>
    public double Step { get; init; } = double.NaN;

    /// <summary>Rounding unit of the widget; not enforced.</summary>
    public double Round { get; init; } = double.NaN;

    /// <summary>Writes <c>"round": false</c>: the widget shows what was typed.</summary>
    public bool NoRound { get; init; }

    /// <summary><c>number</c>, <c>slider</c>, <c>knob</c> or <c>color</c>.</summary>
    public string? Display { get; init; }

    /// <summary>The canvas offers to change the value after each run.</summary>
    public bool ControlAfterGenerate { get; init; }

    internal object? Minimum { get; private init; }

    internal object? Maximum { get; private init; }
}
