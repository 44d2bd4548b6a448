using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Gguf;
using NodeHost.Tensors.Gguf;

namespace NodeHost.Tests.Nodes.Gguf;

public sealed class GgufNodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NodePackServices _services;

    public GgufNodeTests()
    {
        foreach (var name in new[] { "unet/a.gguf", "diffusion_models/sub/b.gguf", "clip/t5.gguf" })
        {
            Write(name, "GGUF"u8.ToArray());
        }
        Write("diffusion_models/c.safetensors", []);
        Write("text_encoders/clip_l.safetensors", []);
        _services = NodePack.CreateServices(
            new FolderLayout
            {
                Models = _folder.Path,
                Input = _folder.Path,
                Output = _folder.Path,
                Temp = _folder.Path,
            }
        );
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Choices_OfTheLoaders_AreThoseOfTheCustomNodes()
    {
        var info = NodePack.CreateCatalogue().ObjectInfo(_services);

        Assert.Equal(["a.gguf", "sub/b.gguf"], Choices(info, "UnetLoaderGGUF", "unet_name"));
        Assert.DoesNotContain("a.gguf", Choices(info, "UNETLoader", "unet_name"));
        Assert.Contains("t5.gguf", Choices(info, "CLIPLoaderGGUF", "clip_name"));
        Assert.Contains("clip_l.safetensors", Choices(info, "DualCLIPLoaderGGUF", "clip_name1"));
        Assert.Contains("t5.gguf", Choices(info, "DualCLIPLoaderGGUF", "clip_name2"));
        Assert.DoesNotContain("unet_gguf", _services.Get<IFolderPaths>().ModelKeys);
    }

    [Fact]
    public void Execute_CutFile_NamesIt()
    {
        var context = new NodeContext(_services);

        var unet = Assert.Throws<GgufException>(() => new UnetLoaderGguf { UnetName = "sub/b.gguf" }.Execute(context));
        var clip = Assert.Throws<GgufException>(() =>
            new DualClipLoaderGguf
            {
                FirstName = "t5.gguf",
                SecondName = "t5.gguf",
                Type = "flux",
            }.Execute(context)
        );

        Assert.Contains("b.gguf", unet.Message, StringComparison.Ordinal);
        Assert.Contains("t5.gguf", clip.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Choices(JObject info, string node, string input) =>
        info[node]!["input"]!["required"]![input]![0]!.Values<string>()!;

    private void Write(string name, byte[] bytes)
    {
        var path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
