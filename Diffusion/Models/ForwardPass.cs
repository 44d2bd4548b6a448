using NodeHost.Diffusion.Attention;

namespace NodeHost.Diffusion.Models;

/// <summary>One of the passes that a wrapper makes, with the hook it wants at attention layers.</summary>
/// <param name="Place">Where among the model's hooks this one runs.</param>
/// <param name="Hook">Runs there, during this pass only.</param>
public sealed record ForwardPass(AttentionHookPlace Place, IAttentionHook Hook);
