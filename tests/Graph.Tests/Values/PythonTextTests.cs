using System.Globalization;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Values;

namespace NodeHost.Graph.Tests.Values;

/// <summary>Expected texts are what Python 3.11 prints.</summary>
public sealed class PythonTextTests
{
    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(123456789012345680.0, "1.2345678901234568e+17")]
    [InlineData(1e-05, "1e-05")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(100.0, "100.0")]
    [InlineData(1e22, "1e+22")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(-2.5e-07, "-2.5e-07")]
    [InlineData(9007199254740993.0, "9007199254740992.0")]
    [InlineData(999999999999999.9, "999999999999999.9")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Repr_Float_IsPythons(double value, string expected) => Assert.Equal(expected, PythonText.Repr(value));

    [Fact]
    public void Repr_RandomFloats_RoundTrip()
    {
        var random = new Random(5);
        for (var sample = 0; sample < 10_000; sample++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(value))
            {
                var text = PythonText.Repr(value);

                Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
                Assert.True(text.Contains('.') || text.Contains('e'), text);
            }
        }
    }

    [Theory]
    [InlineData("a'b", "\"a'b\"")]
    [InlineData("a\"b", "'a\"b'")]
    [InlineData("a'\"b", "'a\\'\"b'")]
    [InlineData("tab\t nl\n cr\r bs\\", "'tab\\t nl\\n cr\\r bs\\\\'")]
    [InlineData("é ü 日本", "'é ü 日本'")]
    [InlineData("\0\u001f\u007f\u00a0\u00ad", "'\\x00\\x1f\\x7f\\xa0\\xad'")]
    public void Repr_Text_IsPythons(string value, string expected) => Assert.Equal(expected, PythonText.Repr(value));

    [Fact]
    public void Repr_Containers_AreNested() =>
        Assert.Equal(
            "{'a': [1, 1.0, True, None, 'x'], 'b': {}}",
            PythonText.Repr(JToken.Parse("""{"a": [1, 1.0, true, null, "x"], "b": {}}"""))
        );
}
