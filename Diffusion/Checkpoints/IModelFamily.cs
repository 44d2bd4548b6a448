namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A kind of network that knows its own checkpoints, by keys and shapes.</summary>
public interface IModelFamily
{
    string Name { get; }

    /// <summary>The family's network in this file, or null when there is none.</summary>
    ModelPart? Recognise(IWeightSource source);
}
