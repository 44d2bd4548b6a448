using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Lora;

/// <summary>Which weight of a model a layer name in an adapter file stands for, in every naming in use.</summary>
public sealed class LoraKeyMap
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    private readonly Dictionary<string, LoraTarget[]> _targets = new(StringComparer.Ordinal);

    private readonly HashSet<string> _weights;

    private LoraKeyMap(string example, IEnumerable<string> weights)
    {
        Example = example;
        _weights = new HashSet<string>(weights, StringComparer.Ordinal);
    }

    /// <summary>A name that would match, for messages.</summary>
    public string Example { get; private set; }

    /// <summary>Names for whatever network it is; none match where adapters do not reach (autoencoders).</summary>
    public static LoraKeyMap For(WeightTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var names = target.Weights.Keys;
        return (target.Role, target.Part) switch
        {
            (ModelRole.TextEncoder, "l") => ForClipL(names),
            (ModelRole.TextEncoder, "h") => ForClipH(names),
            (ModelRole.TextEncoder, "g") => ForClipG(names, target.IsOnly),
            (ModelRole.TextEncoder, _) => ForT5(names),
            (ModelRole.Diffusion, _) when target.Weights.ContainsKey("double_blocks.0.img_attn.qkv.weight") => ForFlux(
                target.Weights.ToDictionary(weight => weight.Key, weight => weight.Value.Shape)
            ),
            (ModelRole.Diffusion, _) => ForUNet(names),
            _ => new LoraKeyMap("none", []),
        };
    }

    /// <summary>Names for a UNet of the SD1.5 and SDXL kind.</summary>
    /// <param name="names">Its weights, without the checkpoint's prefix (<c>input_blocks.0.0.weight</c>).</param>
    public static LoraKeyMap ForUNet(IEnumerable<string> names)
    {
        var map = new LoraKeyMap("lora_unet_mid_block_attentions_0_proj_in", names);
        foreach (var layer in Layers(names))
        {
            var target = new LoraTarget($"{layer}.weight");
            map.AddDiffusionNames(layer, target);
            if (UNetLayerNames.ToDiffusers(layer) is { } diffusers)
            {
                map.AddDiffusionNames(diffusers, target);
                map.Add(UNetLayerNames.ToAttentionProcessor(diffusers), target);
                map.Add($"unet.{UNetLayerNames.ToAttentionProcessor(diffusers)}", target);
            }
        }
        return map;
    }

    /// <summary>Names for Flux: BFL's own and those of diffusers, where q, k and v are layers of their own.</summary>
    /// <param name="shapes">Its weights and their shapes, by BFL's names without a prefix.</param>
    public static LoraKeyMap ForFlux(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        var map = new LoraKeyMap("transformer.transformer_blocks.0.attn.to_q", shapes.Keys);
        foreach (var layer in Layers(shapes.Keys))
        {
            map.AddDiffusionNames(layer, new LoraTarget($"{layer}.weight"));
        }
        foreach (var (name, targets) in FluxLayerNames.FromDiffusers(shapes))
        {
            map.AddDiffusionNames(name, targets);
        }
        // Whole differences and new weights of norms, whose weights are called scale.
        foreach (var name in shapes.Keys.Where(name => name.EndsWith(".scale", StringComparison.Ordinal)))
        {
            map.AddDiffusionNames(name, new LoraTarget(name));
        }
        return map;
    }

    /// <summary>Names for a CLIP-L text encoder (<c>text_model.encoder...</c>).</summary>
    public static LoraKeyMap ForClipL(IEnumerable<string> names) =>
        ForTextEncoder(names, ["lora_te_", "lora_te1_"], ["text_encoder.", "text_encoders.clip_l.transformer."]);

    /// <summary>Names for a CLIP-G text encoder in the layout of CLIP-L.</summary>
    /// <param name="names">Its weights.</param>
    /// <param name="isOnly">Whether it is the model's only one (SDXL's refiner), to which names without a number belong too.</param>
    public static LoraKeyMap ForClipG(IEnumerable<string> names, bool isOnly = false) =>
        ForTextEncoder(
            names,
            isOnly ? ["lora_te2_", "lora_te_"] : ["lora_te2_"],
            ["text_encoder_2.", "text_encoders.clip_g.transformer.", .. isOnly ? (string[])["text_encoder."] : []]
        );

    /// <summary>Names for the CLIP-H text encoder of SD2.</summary>
    public static LoraKeyMap ForClipH(IEnumerable<string> names) =>
        ForTextEncoder(names, ["lora_te_"], ["text_encoder.", "text_encoders.clip_h.transformer."]);

    /// <summary>Names for a T5-XXL text encoder (<c>encoder.block...</c>).</summary>
    public static LoraKeyMap ForT5(IEnumerable<string> names) =>
        ForTextEncoder(
            names,
            ["lora_te3_", "lora_te2_"],
            ["text_encoder_2.", "text_encoder_3.", "text_encoders.t5xxl.transformer."]
        );

    /// <summary>Whether a name is one of a text encoder's layers, in any naming.</summary>
    public static bool IsForTextEncoder(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith("lora_te", StringComparison.Ordinal)
            || name.StartsWith("text_encoder", StringComparison.Ordinal);
    }

    /// <summary>The weights that a layer name stands for; none where the model has no such layer.</summary>
    public IReadOnlyList<LoraTarget> Find(string name) => _targets.GetValueOrDefault(name) ?? [];

    /// <summary>The weights or biases that an update goes to.</summary>
    internal IReadOnlyList<LoraTarget> Find(LoraModule module) =>
        module.IsBias
            ?
            [
                .. Find(module.Name)
                    .Where(target => target.Weight.EndsWith(Weight, StringComparison.Ordinal))
                    .Select(target => target with { Weight = target.Weight[..^Weight.Length] + Bias })
                    .Where(target => _weights.Contains(target.Weight)),
            ]
            : Find(module.Name);

    private static LoraKeyMap ForTextEncoder(IEnumerable<string> names, string[] flatPrefixes, string[] dottedPrefixes)
    {
        var map = new LoraKeyMap($"{flatPrefixes[0]}text_model_encoder_layers_0_self_attn_q_proj", names);
        foreach (var layer in Layers(names))
        {
            var target = new LoraTarget($"{layer}.weight");
            foreach (var prefix in flatPrefixes)
            {
                map.Add(prefix + Flat(layer), target);
            }
            foreach (var prefix in dottedPrefixes)
            {
                map.Add(prefix + layer, target);
            }
        }
        return map;
    }

    private static IEnumerable<string> Layers(IEnumerable<string> names) =>
        names.Where(name => name.EndsWith(Weight, StringComparison.Ordinal)).Select(name => name[..^Weight.Length]);

    private static string Flat(string layer) => layer.Replace('.', '_');

    private void AddDiffusionNames(string layer, params LoraTarget[] targets)
    {
        foreach (var prefix in (string[])["lora_unet_", "lora_transformer_", "lycoris_"])
        {
            Add(prefix + Flat(layer), targets);
        }
        foreach (var prefix in (string[])["", "unet.", "transformer.", "diffusion_model.", "model.diffusion_model."])
        {
            Add(prefix + layer, targets);
            Add($"base_model.model.{prefix}{layer}", targets);
        }
    }

    // The model's own names come first and are not displaced by a translated one.
    private void Add(string name, params LoraTarget[] targets) => _targets.TryAdd(name, targets);
}
