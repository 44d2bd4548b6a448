namespace NodeHost.Tests.Shared;

/// <summary>A test against ComfyUI's golden data; skipped, visibly, in a clone that has none beside it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoldenFactAttribute : FactAttribute
{
    public GoldenFactAttribute()
    {
        if (Golden.Folder is null)
        {
            Skip = "No golden data: set NODEHOST_GOLDEN or put it at ../shared/golden.";
        }
    }
}
