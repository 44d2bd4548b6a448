namespace NodeHost.Tests.Shared;

/// <summary>A test that takes minutes: only <c>./test --long</c> runs it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("NODEHOST_LONG_TESTS") != "1")
        {
            Skip = "Takes minutes: ./test --long runs it.";
        }
    }
}
