using NodeHost.Cli.Flags;

namespace NodeHost.Tests.Server.Cli;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("port", "port", 0)]
    [InlineData("prot", "port", 1)]
    [InlineData("listn", "listen", 1)]
    [InlineData("lissten", "listen", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_OfTwoNames_CountsSlips(string from, string to, int slips) =>
        Assert.Equal(slips, NearestName.Distance(from, to));

    [Theory]
    [InlineData("--prot", "--port")]
    [InlineData("--base-dir", "--base-directory")]
    [InlineData("--zzz", null)]
    public void Find_Slip_NamesWhatWasMeantOrNothing(string typed, string? expected) =>
        Assert.Equal(expected, NearestName.Find(typed, ["--port", "--listen", "--base-directory"]));
}
