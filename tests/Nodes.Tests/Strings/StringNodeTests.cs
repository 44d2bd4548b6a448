using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Strings;

namespace NodeHost.Tests.Nodes.Strings;

public sealed class StringNodeTests
{
    private readonly NodeContext _context = new();

    [Theory]
    [InlineData(0, 3, "a𝕓c")]
    [InlineData(-2, 100, "de")]
    [InlineData(3, 1, "")]
    [InlineData(-100, -4, "a")]
    public void Substring_AnyPositions_SlicesLikePython(int start, int end, string expected) =>
        Assert.Equal(
            expected,
            new StringSubstring
            {
                String = "a𝕓cde",
                Start = start,
                End = end,
            }.Execute(_context)
        );

    [Fact]
    public void Length_CharacterBeyondTheBasicPlane_CountsOnce() =>
        Assert.Equal(2, new StringLength { String = "a𝕓" }.Execute(_context));

    [Theory]
    [InlineData("UPPERCASE", "THEY'RE 2FAST")]
    [InlineData("lowercase", "they're 2fast")]
    [InlineData("Capitalize", "They're 2fast")]
    [InlineData("Title Case", "They'Re 2Fast")]
    public void CaseConverter_EachMode_IsPythons(string mode, string expected) =>
        Assert.Equal(expected, new CaseConverter { String = "tHEY're 2fast", Mode = mode }.Execute(_context));

    // What Python 3.11 makes of them.
    [Theory]
    [InlineData("UPPERCASE", "straße ﬁn ŉ ΐ 𐐨", "STRASSE FIN ʼN Ι\u0308\u0301 𐐀")]
    [InlineData("lowercase", "ΟΔΟΣ ΣΑΣ. Σ Aσ'Σ İ 𐐀", "οδος σας. σ aσ'ς i\u0307 𐐨")]
    [InlineData("Capitalize", "ßA ΟΔΟΣ", "Ssa οδος")]
    [InlineData("Capitalize", "ǆÉ", "ǅé")]
    [InlineData("Title Case", "ﬁn ǆ ÉCOLE d'ÉTÉ 3D x2Y", "Fin ǅ École D'Été 3D X2Y")]
    [InlineData("Title Case", "ΟΔΟΣ ΣΟΦΟΣ", "Οδος Σοφος")]
    public void CaseConverter_LettersWithSpecialCases_AreAsInPython(string mode, string text, string expected) =>
        Assert.Equal(expected, new CaseConverter { String = text, Mode = mode }.Execute(_context));

    [Theory]
    [InlineData("Starts With", true, "Abc", "Ab", true)]
    [InlineData("Starts With", true, "Abc", "ab", false)]
    [InlineData("Starts With", false, "ÄBC", "äb", true)]
    [InlineData("Ends With", true, "abc", "bc", true)]
    [InlineData("Ends With", true, "abc", "", true)]
    [InlineData("Equal", true, "a\u0308", "ä", false)] // equal to the eye only
    [InlineData("Equal", false, "ΣΑΣ", "σας", true)]
    public void Compare_EachMode_IsPythons(string mode, bool caseSensitive, string a, string b, bool expected) =>
        Assert.Equal(
            expected,
            new StringCompare
            {
                StringA = a,
                StringB = b,
                Mode = mode,
                CaseSensitive = caseSensitive,
            }.Execute(_context)
        );

    [Theory]
    [InlineData("a\u00adbc", "abc", true, false)]
    [InlineData("abc", "", true, true)]
    [InlineData("Straße", "STRASSE", false, false)]
    [InlineData("Straße", "SSE", true, false)]
    [InlineData("Éclair", "éCL", false, true)]
    public void Contains_Text_IsFoundLetterByLetter(string text, string part, bool caseSensitive, bool expected) =>
        Assert.Equal(
            expected,
            new StringContains
            {
                String = text,
                Substring = part,
                CaseSensitive = caseSensitive,
            }.Execute(_context)
        );

    [Fact]
    public void Replace_NothingByDash_PutsDashesEverywhere() =>
        Assert.Equal(
            "-a-b-",
            new StringReplace
            {
                String = "ab",
                Find = "",
                Replace = "-",
            }.Execute(_context)
        );

    [Theory]
    [InlineData("Both", "x")]
    [InlineData("Left", "x\u001c ")]
    [InlineData("Right", "\n x")]
    public void Trim_EachSide_TakesPythonsBlanks(string mode, string expected) =>
        Assert.Equal(expected, new StringTrim { String = "\n x\u001c ", Mode = mode }.Execute(_context));

    [Theory]
    [InlineData("First Match", "a1")]
    [InlineData("All Matches", "a\nb")]
    [InlineData("First Group", "1")]
    [InlineData("All Groups", "1\n22")]
    public void RegexExtract_EachMode_IsPythons(string mode, string expected) =>
        Assert.Equal(
            expected,
            new RegexExtract
            {
                String = "a1 b22",
                RegexPattern = "(?P<letter>[A-Z])(\\d+)",
                Mode = mode,
                GroupIndex = 2,
            }.Execute(_context)
        );

    [Fact]
    public void RegexExtract_WrongExpression_FindsNothing() =>
        Assert.Equal("", new RegexExtract { String = "a", RegexPattern = "(" }.Execute(_context));

    [Theory]
    [InlineData("(?P<first>\\w+) (?P<second>\\w+)", "\\g<second> \\1", 0, "b a c")]
    [InlineData("(\\w) ", "[\\1]$1\\n", 1, "[a]$1\nb c")]
    [InlineData("(?P<x>\\w) (?P=x)?", "\\g<0>!", 0, "a !b !c")]
    [InlineData("x*", "-", 0, "-a- -b- -c-")]
    public void RegexReplace_PythonsSyntax_IsUnderstood(string pattern, string replace, int count, string expected) =>
        Assert.Equal(
            expected,
            new RegexReplace
            {
                String = "a b c",
                RegexPattern = pattern,
                Replace = replace,
                Count = count,
            }.Execute(_context)
        );

    [Fact]
    public void RegexReplace_UnknownGroup_IsRefused() =>
        Assert.Throws<ArgumentException>(() =>
            new RegexReplace
            {
                String = "a",
                RegexPattern = "a",
                Replace = "\\1",
            }.Execute(_context)
        );

    [Theory]
    [InlineData("^b$", true, true)]
    [InlineData("^b$", false, false)]
    [InlineData("B\\Z", true, true)]
    [InlineData("[[]", true, false)]
    public void RegexMatch_Flags_AreApplied(string pattern, bool multiline, bool expected) =>
        Assert.Equal(
            expected,
            new RegexMatch
            {
                String = "a\nb",
                RegexPattern = pattern,
                Multiline = multiline,
            }.Execute(_context)
        );
}
