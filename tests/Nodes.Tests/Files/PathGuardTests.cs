using FsCheck;
using FsCheck.Fluent;
using NodeHost.Nodes.Files;

namespace NodeHost.Tests.Nodes.Files;

public sealed class PathGuardTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "..",
        ".",
        "",
        "a.png",
        "sub",
        "in-link",
        "out-link",
        "circle",
        "...",
        "..%2f",
        "%2e%2e",
        "．．",
        "․․",
        "‥",
        "secret.txt",
        "root",
        "C:",
        "con",
        "x [output]",
        "\0",
        "\ud800",
        "~",
        "\u202egnp",
    ];

    private static readonly string[] Separators = ["/", "\\", "//", "\\\\", "／", "∕", "⧵", "\uff3c"];

    private readonly TemporaryFolder _temporary = new();
    private readonly string _root;

    public PathGuardTests()
    {
        _root = _temporary.File("root");
        Directory.CreateDirectory(Path.Combine(_root, "sub", "deeper"));
        File.WriteAllText(_temporary.File("secret.txt"), "secret");
        File.WriteAllText(Path.Combine(_root, "a.png"), "open");
        File.WriteAllText(Path.Combine(_root, "sub", "a.png"), "open");
        Directory.CreateSymbolicLink(Path.Combine(_root, "in-link"), Path.Combine(_root, "sub", "deeper"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "out-link"), _temporary.Path);
        Directory.CreateSymbolicLink(Path.Combine(_root, "sub", "out-link"), "../..");
        Directory.CreateSymbolicLink(Path.Combine(_root, "circle"), Path.Combine(_root, "circle"));
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Resolve_AnyMixOfHostilePieces_NeverLeavesTheFolder() =>
        Prop.ForAll(
                HostilePaths().ToArbitrary(),
                path =>
                {
                    if (PathGuard.Resolve(_root, path) is not { } resolved)
                    {
                        return true;
                    }
                    // Asked of the operating system, not of the code under test: what would be opened?
                    var opened = File.Exists(resolved) ? File.ReadAllText(resolved) : "nothing";
                    return PathGuard.IsInside(_root, resolved) && opened != "secret";
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Resolve_AnyText_NeitherThrowsNorLeavesTheFolder() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<string?>(),
                text => PathGuard.Resolve(_root, text ?? "") is not { } path || PathGuard.IsInside(_root, path)
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Resolve_PlainNames_AreFoundWithEitherSeparator() =>
        Prop.ForAll(
                Gen.Elements("a.png", "sub/a.png", "sub\\a.png", "sub/../a.png", "./sub//a.png", "sub\\..\\a.png")
                    .ToArbitrary(),
                name => PathGuard.Resolve(_root, name) is { } path && File.ReadAllText(path) == "open"
            )
            .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Resolve_LinkThatStaysInside_IsFollowed() => Assert.NotNull(PathGuard.Resolve(_root, "in-link/new.png"));

    [Theory]
    [InlineData("out-link/secret.txt")]
    [InlineData("sub/out-link/secret.txt")]
    [InlineData("sub\\out-link\\secret.txt")]
    [InlineData("in-link/../../out-link/secret.txt")]
    [InlineData("circle/a.png")]
    [InlineData("../root-beside/a.png")]
    [InlineData("../secret.txt")]
    [InlineData("a\u0007b.png")]
    [InlineData("a\nb.png")]
    [InlineData("a.png\0.txt")]
    public void Resolve_WayOut_IsRefused(string name) => Assert.Null(PathGuard.Resolve(_root, name));

    // Not a case of the theory above: attributes are stored as UTF-8, which has no such character.
    [Fact]
    public void Resolve_UnpairedSurrogate_IsRefused() => Assert.Null(PathGuard.Resolve(_root, "\ud800.png"));

    [Theory]
    [InlineData("con")]
    [InlineData("sub/NUL.png")]
    [InlineData("aux .txt")]
    [InlineData("com1.png")]
    [InlineData("LPT³")]
    [InlineData("a.png::$DATA")]
    [InlineData("C:secret.txt")]
    [InlineData("trailing.")]
    [InlineData("trailing /a.png")]
    public void AreKept_NameThatWindowsReadsOtherwise_IsRefusedThere(string name)
    {
        Assert.False(FileNameRules.AreKept(name, windows: true));
        Assert.True(FileNameRules.AreKept(name, windows: false));
    }

    [Theory]
    [InlineData("a/b/../c.png")]
    [InlineData("picture (1).png")]
    [InlineData("絵・画／二.png")]
    [InlineData("console.png")]
    [InlineData("com10.png")]
    [InlineData("\ud83d\ude00.png")]
    public void AreKept_OrdinaryName_IsKeptEverywhere(string name) =>
        Assert.True(FileNameRules.AreKept(name, windows: true));

    private static Gen<string> HostilePaths() =>
        from pieces in Gen.Elements(Pieces).NonEmptyListOf()
        from separators in Gen.Elements(Separators).ListOf(pieces.Count)
        from rooted in Gen.Elements("", "/", "\\", "/etc/../")
        select rooted + string.Concat(pieces.Zip(separators, (piece, separator) => piece + separator));
}
