using Newtonsoft.Json.Linq;
using NodeHost.Tests.Nodes.FluxSpace;

namespace NodeHost.Tests.Nodes.Hooks;

/// <summary>Hooks on the text encoder against LoRAs merged into it.</summary>
public sealed class ClipHookPromptTests : IDisposable
{
    private const string Lora = "nodehost-tiny-sd15-lora.safetensors";

    private readonly PromptHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Scheduled_EqualsPromptsEncodedApartForTheirParts()
    {
        var hooked = await Run(
            (text, clip) =>
            {
                var keyframes = Keyframe(text, 0.25, 0.43, Keyframe(text, 1, 0));
                return Encode(text, Hooked(text, clip, keyframes, isScheduled: true, appliesToConds: false));
            }
        );
        var apart = await Run(
            (text, clip) =>
                text.Add(
                    "ConditioningCombine",
                    ("conditioning_1", Range(text, Encode(text, Merged(text, clip, 0.8)), 0, 0.43)),
                    ("conditioning_2", Range(text, Encode(text, Merged(text, clip, 0.2)), 0.43, 1))
                )
        );

        Near(apart, hooked);
    }

    [Fact]
    public async Task Unscheduled_EqualsTheMergedTextEncoder()
    {
        var hooked = await Run(
            (text, clip) =>
            {
                var keyframes = Keyframe(text, 0, 0);
                return Encode(text, Hooked(text, clip, keyframes, isScheduled: false, appliesToConds: false));
            }
        );

        Near(await Run((text, clip) => Encode(text, Merged(text, clip, 0.8))), hooked);
    }

    [Fact]
    public async Task AppliedToConds_TheModelFollowsToo()
    {
        var hooked = await Run(
            (text, clip) =>
            {
                var keyframes = Keyframe(text, 1, 0);
                return Encode(text, Hooked(text, clip, keyframes, isScheduled: true, appliesToConds: true));
            }
        );
        var properties = await Run(
            (text, clip) =>
                text.Add(
                    "ConditioningSetProperties",
                    ("cond_NEW", Encode(text, Merged(text, clip, 0.8))),
                    ("strength", 1.0),
                    ("set_cond_area", "default"),
                    ("hooks", Create(text))
                )
        );

        Near(properties, hooked);
        Assert.NotEqual(await Run((text, clip) => Encode(text, Merged(text, clip, 0.8))), hooked);
    }

    private Task<float[]> Run(Func<PromptText, JArray, JArray> positive)
    {
        var text = new PromptText();
        var checkpoint = text.Sd15();
        var clip = PromptText.Output(checkpoint, 1);
        return _host.LatentAsync(
            text.Sample(checkpoint, positive(text, clip), text.Encode(clip, "blurry"), 3, 5, "EmptyLatentImage")
        );
    }

    private static JArray Encode(PromptText text, JArray clip) => text.Encode(clip, "a portrait of a woman");

    private static JArray Create(PromptText text) =>
        text.Add("CreateHookLora", ("lora_name", Lora), ("strength_model", 0.6), ("strength_clip", 0.8));

    private static JArray Hooked(
        PromptText text,
        JArray clip,
        JArray keyframes,
        bool isScheduled,
        bool appliesToConds
    ) =>
        text.Add(
            "SetClipHooks",
            ("clip", clip),
            ("apply_to_conds", appliesToConds),
            ("schedule_clip", isScheduled),
            ("hooks", text.Add("SetHookKeyframes", ("hooks", Create(text)), ("hook_kf", keyframes)))
        );

    private static JArray Keyframe(PromptText text, double strength, double start, JArray? former = null) =>
        text.Add(
            "CreateHookKeyframe",
            [
                ("strength_mult", strength),
                ("start_percent", start),
                .. former is null ? Array.Empty<(string, object)>() : [("prev_hook_kf", former)],
            ]
        );

    private static JArray Merged(PromptText text, JArray clip, double strength) =>
        PromptText.Output(
            text.Add(
                "LoraLoader",
                ("model", text.Sd15()),
                ("clip", clip),
                ("lora_name", Lora),
                ("strength_model", 0.0),
                ("strength_clip", strength)
            ),
            1
        );

    private static JArray Range(PromptText text, JArray conditioning, double start, double end) =>
        text.Add("ConditioningSetTimestepRange", ("conditioning", conditioning), ("start", start), ("end", end));

    private static void Near(float[] expected, float[] actual)
    {
        var mean = expected.Average();
        var deviation = Math.Sqrt(expected.Average(value => (value - mean) * (value - mean)));
        var difference = expected.Zip(actual, (left, right) => Math.Abs(left - right)).Max() / deviation;
        Assert.True(difference <= 2e-5, $"difference {difference}");
    }
}
