using System.Diagnostics;
using NodeHost.Diffusion.Text.Tokenization;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

public sealed class PromptParserTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" ", "{ }1")]
    [InlineData("a cat", "{a cat}1")]
    [InlineData("(a)", "{a}1.1")]
    [InlineData("((a))", "{a}1.2100000000000002")]
    [InlineData("a (b:1.3) c", "{a }1{b}1.3{ c}1")]
    [InlineData("(a (b:1.5) c:0.9)", "{a }0.9{b}1.5{ c}0.9")]
    [InlineData("(a (b))", "{a }1.1{b}1.2100000000000002")]
    [InlineData("((a):1.3)", "{a}1.4300000000000002")]
    [InlineData("(a)(b)", "{a}1.1{b}1.1")]
    [InlineData("()", "")]
    [InlineData("a()b", "{a}1{b}1")]
    public void Parse_BalancedGroups_WeighsEachStretch(string prompt, string expected) =>
        Assert.Equal(expected, Describe(prompt));

    [Theory]
    [InlineData(@"\(a\)", "{(a)}1")]
    [InlineData(@"(a \(b\):1.2)", "{a (b)}1.2")]
    [InlineData(@"(a\):1.2)", "{a)}1.2")]
    [InlineData(@"(a:1.2\))", "{a:1.2)}1.1")]
    [InlineData(@"\\(a\\)", @"{\(a\)}1")]
    [InlineData(@"\a\", @"{\a\}1")]
    [InlineData("\0\u0002a\0\u0001", "{(a)}1")]
    [InlineData("\0a", "{\0a}1")]
    public void Parse_Escapes_ArePlainParentheses(string prompt, string expected) =>
        Assert.Equal(expected, Describe(prompt));

    [Theory]
    [InlineData("a (b", "{a }1{(b}1")]
    [InlineData("a) b", "{a) b}1")]
    [InlineData("a) (b:1.2) c", "{a) (b:1.2) c}1")]
    [InlineData("a) ( (b) c", "{a) ( }1{b}1.1{ c}1")]
    [InlineData("(", "{(}1")]
    [InlineData(")", "{)}1")]
    [InlineData("((a)", "{(a}1.1")]
    [InlineData("(a (b)", "{a }1.1{(b}1.1")]
    [InlineData("((a) b", "{((a) b}1")]
    [InlineData("((((a))", "{((a}1.2100000000000002")]
    [InlineData("((a)(b:1.2)", "{a}1.32{(b}1.2")]
    [InlineData("(a))(b)", "{a}1.1{)(b)}1")]
    [InlineData(@"(a\)", "{(a)}1")]
    public void Parse_UnbalancedParentheses_ReadsThemAsComfyUiDoes(string prompt, string expected) =>
        Assert.Equal(expected, Describe(prompt));

    [Theory]
    [InlineData("(a:1e3)", "{a}1000")]
    [InlineData("(a:-0.5)", "{a}-0.5")]
    [InlineData("(a:+.5)", "{a}0.5")]
    [InlineData("(a:5.)", "{a}5")]
    [InlineData("(a: 1.2 )", "{a}1.2")]
    [InlineData("(a:\u00a01.2\x1f)", "{a}1.2")]
    [InlineData("(a:1_000.2_5)", "{a}1000.25")]
    [InlineData("(a:nan)", "{a}NaN")]
    [InlineData("(a:-Infinity)", "{a}-Infinity")]
    [InlineData("(a:1e999)", "{a}Infinity")]
    [InlineData("(a:1e99999999999999999999)", "{a}Infinity")]
    [InlineData("(a:1e-99999999999999999999)", "{a}0")]
    [InlineData("(a:0e99999999999999999999)", "{a}0")]
    [InlineData("(a:-0)", "{a}-0")]
    [InlineData("(a:١.٢)", "{a}1.2")]
    [InlineData("(a:b:1.4)", "{a:b}1.4")]
    [InlineData("(a::1.4)", "{a:}1.4")]
    [InlineData("(::1.4)", "{:}1.4")]
    public void Parse_WeightPythonCanRead_IsTaken(string prompt, string expected) =>
        Assert.Equal(expected, Describe(prompt));

    [Theory]
    [InlineData("(a:)", "{a:}1.1")]
    [InlineData("(a: )", "{a: }1.1")]
    [InlineData("(a:b)", "{a:b}1.1")]
    [InlineData("(a:1.2.3)", "{a:1.2.3}1.1")]
    [InlineData("(a:.)", "{a:.}1.1")]
    [InlineData("(a:1,5)", "{a:1,5}1.1")]
    [InlineData("(a:0x10)", "{a:0x10}1.1")]
    [InlineData("(a:1e)", "{a:1e}1.1")]
    [InlineData("(a:_1)", "{a:_1}1.1")]
    [InlineData("(a:1__0)", "{a:1__0}1.1")]
    [InlineData("(a:1_.5)", "{a:1_.5}1.1")]
    [InlineData("(a:1._5)", "{a:1._5}1.1")]
    [InlineData("(a:1e+)", "{a:1e+}1.1")]
    [InlineData("(a:--1)", "{a:--1}1.1")]
    [InlineData("(a:1 2)", "{a:1 2}1.1")]
    [InlineData("(a:infinit)", "{a:infinit}1.1")]
    [InlineData("(a:²)", "{a:²}1.1")]
    [InlineData("(:1.3)", "{:1.3}1.1")]
    [InlineData("a:1.3", "{a:1.3}1")]
    [InlineData("(a:1.3) :2)", "{a}1.3{ :2)}1")]
    [InlineData("(a:(b:1.2))", "{a:}1.1{b}1.2")]
    public void Parse_WeightPythonCannotRead_StaysText(string prompt, string expected) =>
        Assert.Equal(expected, Describe(prompt));

    [Theory]
    [InlineData("(", "", "")]
    [InlineData("", ")", "")]
    [InlineData("(", ")", "")]
    [InlineData("(a", ":1.1)", "b")]
    [InlineData("((", ")", "a")]
    [InlineData("(", "))", "a")]
    [InlineData("(a:", ")", "1")]
    [InlineData(@"\(", @"\)", "a")]
    public void Parse_MillionsOfParentheses_TakesLinearTime(string open, string close, string middle)
    {
        const int Depth = 300_000;
        var prompt =
            string.Concat(Enumerable.Repeat(open, Depth)) + middle + string.Concat(Enumerable.Repeat(close, Depth));
        var watch = Stopwatch.StartNew();

        var parts = PromptParser.Parse(prompt);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{prompt.Length} characters took {watch.Elapsed}.");
        Assert.True(parts.Sum(part => (long)part.Text.Length) <= prompt.Length);
    }

    [Fact]
    public void Parse_DigitsBeforeManyClosingGroups_ReadsEachDigitOnce()
    {
        var prompt =
            new string('(', 20_000) + "a:" + new string('1', 20_000) + string.Concat(Enumerable.Repeat(" b)", 20_000));
        var watch = Stopwatch.StartNew();

        PromptParser.Parse(prompt);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
    }

    private static string Describe(string prompt) =>
        string.Concat(PromptParser.Parse(prompt).Select(part => $"{{{part.Text}}}{part.Weight:R}"));
}
