using System.Reflection;
using NodeHost.Tensors;
using Xunit.Sdk;

namespace NodeHost.Tests;

/// <summary>Fails a test after which more tensors live than before; put it on the class.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AssertNoLeakedTensorsAttribute : BeforeAfterTestAttribute
{
    private long _before;

    public override void Before(MethodInfo methodUnderTest) => _before = Tensor.LiveCount;

    public override void After(MethodInfo methodUnderTest)
    {
        var leaked = Tensor.LiveCount - _before;
        Assert.True(leaked == 0, $"{methodUnderTest.Name}: expected 0 tensors left, found {leaked}.");
    }
}
