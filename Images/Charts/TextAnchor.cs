namespace NodeHost.Images.Charts;

/// <summary>Which end of a text stands at the given place.</summary>
public enum TextAnchor
{
    Start,
    Middle,
    End,
}
