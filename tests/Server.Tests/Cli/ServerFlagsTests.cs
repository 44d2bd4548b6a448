using System.CommandLine;
using Microsoft.Extensions.Logging;
using NodeHost.Api;
using NodeHost.Cli;
using NodeHost.Cli.Flags;
using NodeHost.Graph.Workflows;
using NodeHost.Queue;
using NodeHost.Server;

namespace NodeHost.Tests.Server.Cli;

public sealed class ServerFlagsTests
{
    [Fact]
    public void Read_Nothing_HasComfyUiDefaults()
    {
        var options = Read();
        Assert.Equal(["127.0.0.1"], options.Listen);
        Assert.Equal(8188, options.Port);
        Assert.Equal(104_857_600, options.MaxBodyBytes);
        Assert.Equal("none", options.PreviewMethod);
        Assert.Equal(CacheMode.Bytes, options.Cache.Mode);
        Assert.Equal(RestartPolicy.Retry, options.OnRestart);
        Assert.Null(options.CorsOrigin);
    }

    [Fact]
    public void Read_BareListen_MeansEveryAddress() => Assert.Equal(["0.0.0.0", "::"], Read("--listen").Listen);

    [Fact]
    public void Read_ListOfAddresses_IsTakenApart() =>
        Assert.Equal(["10.0.0.1", "::1"], Read("--listen", "10.0.0.1, ::1").Listen);

    [Theory]
    [InlineData("*", "--enable-cors-header")]
    [InlineData("https://a.example", "--enable-cors-header", "https://a.example")]
    public void Read_CorsWithOrWithoutOrigin_IsKept(string expected, params string[] arguments) =>
        Assert.Equal(expected, Read(arguments).CorsOrigin);

    [Fact]
    public void Read_BaseDirectory_HoldsWhatIsNotGivenItself()
    {
        var options = Read("--base-directory", "/b", "--output-directory", "/o", "--temp-directory", "/t");
        Assert.Equal("/b/models", options.Folders.Models);
        Assert.Equal("/b/input", options.Folders.Input);
        Assert.Equal("/o", options.Folders.Output);
        Assert.Equal("/t/temp", options.Temp);
        Assert.Equal("/b/user", options.UserDirectory);
        Assert.Equal("/b/custom_nodes", options.CustomNodesDirectory);
    }

    [Theory]
    [InlineData(CacheMode.Classic, "--cache-classic")]
    [InlineData(CacheMode.Lru, "--cache-lru", "7")]
    [InlineData(CacheMode.None, "--cache-none")]
    [InlineData(CacheMode.Bytes, "--cache-ram", "2")]
    public void Read_Cache_IsTheOneAskedFor(object expected, params string[] arguments) =>
        Assert.Equal((CacheMode)expected, Read(arguments).Cache.Mode);

    [Theory]
    [InlineData("2", 2L << 30)]
    [InlineData("500M", 500L << 20)]
    public void Read_CacheRam_TakesGigabytesOrBytes(string given, long bytes) =>
        Assert.Equal(bytes, Read("--cache-ram", given).Cache.Bytes);

    [Theory]
    [InlineData(LogLevel.Information)]
    [InlineData(LogLevel.Debug, "--verbose")]
    [InlineData(LogLevel.Error, "--verbose", "ERROR")]
    public void Read_Verbose_ChoosesWhatIsPrinted(LogLevel expected, params string[] arguments) =>
        Assert.Equal(expected, Read(arguments).LogLevel);

    [Fact]
    public void Features_FlagsOfTheCommandLine_AreThere() =>
        Assert.Equal(
            "{\"supports_preview_metadata\":true,\"max_upload_size\":104857600,\"a\":true,\"b\":7,\"c\":\"text\"}",
            PromptJson.Write(ServerFeatures.Describe(Read("--feature-flag", "a", "b=7", "--feature-flag", "c=text")))
        );

    [Fact]
    public void Read_RepeatedFiles_AreAllThere() =>
        Assert.Equal(
            ["a.yaml", "b.yaml", "c.yaml"],
            Read(
                "--extra-model-paths-config",
                "a.yaml",
                "b.yaml",
                "--extra-model-paths-config",
                "c.yaml"
            ).ExtraModelPaths
        );

    [Fact]
    public void Notes_OptionsWithoutEffect_AreEachSaidToHaveNone()
    {
        var parsed = Parse("--fp16-vae", "--fast", "fp16_accumulation", "--reserve-vram", "2", "--port", "9");
        Assert.Empty(UsageProblems.Of(parsed));
        Assert.Equal(
            ["--fp16-vae", "--fast", "--reserve-vram"],
            IgnoredFlags.Notes(parsed).Select(note => note.Split(' ')[1])
        );
    }

    [Theory]
    [InlineData("Unknown option '--prot'. Did you mean '--port'?", "--prot", "8188")]
    [InlineData("Unknown option '--output-dir'. Did you mean '--output-directory'?", "--output-dir=x")]
    [InlineData("Unknown option '--qqqqqq'. ./run --help lists those there are.", "--qqqqqq")]
    [InlineData("Unknown command 'rendr'. Did you mean 'render'?", "rendr", "x.json")]
    public void Problems_UnknownWord_NamesTheNearest(string expected, params string[] arguments) =>
        Assert.Equal([expected], UsageProblems.Of(Parse(arguments)));

    [Theory]
    [InlineData("--port", "abc")]
    [InlineData("--preview-method", "fast")]
    [InlineData("--preview-size", "0")]
    [InlineData("--on-restart", "ignore")]
    public void Problems_BadValue_IsReported(params string[] arguments) =>
        Assert.NotEmpty(UsageProblems.Of(Parse(arguments)));

    private static ServerOptions Read(params string[] arguments)
    {
        var (flags, command) = Create();
        return flags.Read(command.Parse(arguments));
    }

    private static ParseResult Parse(params string[] arguments) => Create().Command.Parse(arguments);

    private static (ServerFlags Flags, RootCommand Command) Create()
    {
        var flags = new ServerFlags();
        var command = new RootCommand { new Command("render"), KeysCommand.Create() };
        flags.AddTo(command);
        command.SetAction(_ => 0);
        command.TreatUnmatchedTokensAsErrors = false;
        return (flags, command);
    }
}
