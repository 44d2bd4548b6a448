using Microsoft.AspNetCore.Http;
using NodeHost.Security;
using NodeHost.Server;

namespace NodeHost.Tests.Server.Security;

public sealed class HostNamesTests
{
    [Theory]
    [InlineData("localhost:8188", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("localhost.", true)]
    [InlineData("comfy.localhost:8188", true)]
    [InlineData("127.0.0.1:8188", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("[::1]:8188", true)]
    [InlineData("evil.example:8188", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("evillocalhost", false)]
    [InlineData("192.168.1.7:8188", false)]
    [InlineData("", true)]
    public void Allow_OnLoopback_AnswersOwnNamesOnly(string host, bool expected) =>
        Assert.Equal(expected, new HostNames(new ServerOptions()).Allow(new HostString(host)));

    [Theory]
    [InlineData("192.168.1.7:8188", true)]
    [InlineData("evil.example:8188", false)]
    public void Allow_OnEveryAddress_AnswersAddressesAndNoStrangeNames(string host, bool expected) =>
        Assert.Equal(
            expected,
            new HostNames(new ServerOptions { Listen = ["0.0.0.0", "::"] }).Allow(new HostString(host))
        );

    [Fact]
    public void Allow_OnEveryAddress_AnswersTheMachinesName()
    {
        var names = new HostNames(new ServerOptions { Listen = ["0.0.0.0"] });
        Assert.True(names.Allow(new HostString(Environment.MachineName, 8188)));
        Assert.True(names.Allow(new HostString(Environment.MachineName + ".local")));
    }

    [Theory]
    [InlineData("comfy.example.org", "comfy.example.org", true)]
    [InlineData("comfy.example.org", "x.comfy.example.org", false)]
    [InlineData("*.example.org", "comfy.example.org", true)]
    [InlineData("*.example.org", "example.org.evil", false)]
    [InlineData("*", "anything", true)]
    public void Allow_NamedHost_IsAnswered(string allowed, string host, bool expected) =>
        Assert.Equal(
            expected,
            new HostNames(new ServerOptions { Security = new() { AllowedHosts = [allowed] } }).Allow(
                new HostString(host)
            )
        );
}
