namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>A stretch of a prompt that carries one weight.</summary>
public readonly record struct WeightedText(string Text, double Weight);
