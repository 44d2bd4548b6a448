namespace NodeHost.Diffusion.FluxSpace;

/// <summary>Which tokens an edit moves.</summary>
public enum EditTokens
{
    All,
    Image,
    Text,
}
