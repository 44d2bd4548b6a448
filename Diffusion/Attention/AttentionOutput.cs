using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Attention;

/// <summary>What a hook sees at one attention layer of one forward pass.</summary>
/// <param name="Site">The layer.</param>
/// <param name="Value">Heads merged, before the output projection: [B, tokens, C].</param>
/// <param name="ImageTokens">Rows that belong to the image; with Flux the text rows stand before them.</param>
/// <param name="Step">Where in the sampling run the pass stands.</param>
/// <param name="Inputs">What went into attention, from layers that give it.</param>
public readonly record struct AttentionOutput(
    AttentionSite Site,
    Tensor Value,
    Range ImageTokens,
    ForwardStep Step,
    AttentionInputs? Inputs = null
);
