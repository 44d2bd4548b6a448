using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server;

/// <summary>Prompts for the tests, in API format.</summary>
internal static class Graphs
{
    /// <summary>Two nodes, done in a moment; the same colour is served from the cache.</summary>
    public static JObject Trivial(int colour = 1) =>
        new()
        {
            ["1"] = Node(
                "EmptyImage",
                new()
                {
                    ["width"] = 32,
                    ["height"] = 32,
                    ["batch_size"] = 1,
                    ["color"] = colour,
                }
            ),
            ["2"] = Node("PreviewImage", new() { ["images"] = Link("1") }),
        };

    /// <summary>A picture of one colour in the output folder.</summary>
    public static JObject Saving(int colour, int size) =>
        new()
        {
            ["1"] = Node(
                "EmptyImage",
                new()
                {
                    ["width"] = size,
                    ["height"] = size,
                    ["batch_size"] = 1,
                    ["color"] = colour,
                }
            ),
            ["2"] = Node("SaveImage", new() { ["images"] = Link("1"), ["filename_prefix"] = "test" }),
        };

    /// <summary>Some 400 MB of pictures, of which a small one is shown.</summary>
    public static JObject Large(int colour) =>
        new()
        {
            ["1"] = Node(
                "EmptyImage",
                new()
                {
                    ["width"] = 1024,
                    ["height"] = 1024,
                    ["batch_size"] = 16,
                    ["color"] = colour,
                }
            ),
            ["2"] = Node("ImageInvert", new() { ["image"] = Link("1") }),
            ["3"] = Node(
                "ImageFromBatch",
                new()
                {
                    ["image"] = Link("2"),
                    ["batch_index"] = 0,
                    ["length"] = 1,
                }
            ),
            ["4"] = Node("PreviewImage", new() { ["images"] = Link("3") }),
        };

    /// <summary>A sampler on the tiny model; with many steps it runs until it is stopped.</summary>
    public static JObject Sampling(int steps, int seed = 1) =>
        new()
        {
            ["1"] = Node("CheckpointLoaderSimple", new() { ["ckpt_name"] = "nodehost-tiny-sd15.safetensors" }),
            ["2"] = Node("CLIPTextEncode", new() { ["text"] = "red", ["clip"] = Link("1", 1) }),
            ["3"] = Node(
                "EmptyLatentImage",
                new()
                {
                    ["width"] = 64,
                    ["height"] = 64,
                    ["batch_size"] = 1,
                }
            ),
            ["5"] = Node(
                "KSampler",
                new()
                {
                    ["model"] = Link("1"),
                    ["seed"] = seed,
                    ["steps"] = steps,
                    ["cfg"] = 2.0,
                    ["sampler_name"] = "euler",
                    ["scheduler"] = "normal",
                    ["positive"] = Link("2"),
                    ["negative"] = Link("2"),
                    ["latent_image"] = Link("3"),
                    ["denoise"] = 1.0,
                }
            ),
            ["6"] = Node("VAEDecode", new() { ["samples"] = Link("5"), ["vae"] = Link("1", 2) }),
            ["7"] = Node("SaveImage", new() { ["images"] = Link("6"), ["filename_prefix"] = "test" }),
        };

    /// <summary>Runs until it is stopped.</summary>
    public static JObject Endless() => Sampling(9000);

    /// <summary>Validates and fails in its run, where <c>input/broken.png</c> is no picture.</summary>
    public static JObject Failing() =>
        new()
        {
            ["1"] = Node("LoadImage", new() { ["image"] = "broken.png" }),
            ["2"] = Node("PreviewImage", new() { ["images"] = Link("1") }),
        };

    /// <summary>The body of <c>POST /prompt</c>.</summary>
    public static JObject Request(JObject prompt, string? clientId = null, string? promptId = null)
    {
        var request = new JObject { ["prompt"] = prompt };
        if (clientId is not null)
        {
            request["client_id"] = clientId;
        }
        if (promptId is not null)
        {
            request["prompt_id"] = promptId;
        }
        return request;
    }

    private static JObject Node(string classType, JObject inputs) =>
        new() { ["class_type"] = classType, ["inputs"] = inputs };

    private static JArray Link(string node, int slot = 0) => new(node, slot);
}
