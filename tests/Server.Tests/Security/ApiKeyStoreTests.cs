using NodeHost.Security;

namespace NodeHost.Tests.Server.Security;

public sealed class ApiKeyStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_TokenOfACreatedKey_GivesItsRole()
    {
        var store = new ApiKeyStore(_folder.Path);
        var (token, key) = store.Create(ApiKeyRole.Read, "a client");

        var found = new ApiKeyStore(_folder.Path).Find(token);

        Assert.Equal(key.Id, found!.Id);
        Assert.Equal(ApiKeyRole.Read, found.Role);
        Assert.Equal("a client", found.Name);
    }

    [Fact]
    public void Create_Twice_MakesUnlikeTokensOf256Bits()
    {
        var store = new ApiKeyStore(_folder.Path);
        var (first, _) = store.Create(ApiKeyRole.Admin, "");
        var (second, _) = store.Create(ApiKeyRole.Admin, "");

        Assert.NotEqual(first, second);
        Assert.Equal(ApiToken.Prefix.Length + 43, first.Length);
        Assert.Equal(2, store.Keys.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nh_")]
    [InlineData("other")]
    public void Find_WrongToken_GivesNothing(string token)
    {
        var store = new ApiKeyStore(_folder.Path);
        store.Create(ApiKeyRole.Admin, "");

        Assert.Null(store.Find(token));
    }

    [Fact]
    public void Revoke_ByAnotherProcess_IsSeenAtOnce()
    {
        var server = new ApiKeyStore(_folder.Path);
        var (token, key) = server.Create(ApiKeyRole.Queue, "");
        Assert.NotNull(server.Find(token));

        Assert.True(new ApiKeyStore(_folder.Path).Revoke(key.Id));

        Assert.Null(server.Find(token));
        Assert.False(new ApiKeyStore(_folder.Path).Revoke(key.Id));
    }

    [Fact]
    public void File_OfKeys_HoldsNoTokenAndIsTheOwnersAlone()
    {
        var store = new ApiKeyStore(_folder.Path);
        var (token, _) = store.Create(ApiKeyRole.Admin, "me");

        var text = File.ReadAllText(_folder.File("api-keys.json"));
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(token[ApiToken.Prefix.Length..], text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(_folder.File("api-keys.json"))
            );
        }
    }

    [Fact]
    public void Create_ByManyAtOnce_LosesNone()
    {
        Parallel.For(0, 16, _ => new ApiKeyStore(_folder.Path).Create(ApiKeyRole.Read, ""));

        Assert.Equal(16, new ApiKeyStore(_folder.Path).Keys.Count);
    }

    [Fact]
    public void Keys_DamagedFile_SaysWhichFile()
    {
        File.WriteAllText(_folder.File("api-keys.json"), "{");

        var error = Assert.Throws<ApiKeyException>(() => new ApiKeyStore(_folder.Path).Keys);
        Assert.Contains("api-keys.json", error.Message, StringComparison.Ordinal);
    }
}
