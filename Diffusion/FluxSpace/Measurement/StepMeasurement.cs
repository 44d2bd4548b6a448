namespace NodeHost.Diffusion.FluxSpace.Measurement;

/// <summary>What one step's base pass left: for each layer, in order of execution, the members by name.</summary>
/// <param name="name">What messages call the edit.</param>
internal sealed class StepMeasurement(string name)
{
    private readonly List<string> _blocks = [];
    private readonly Dictionary<string, List<float[]>> _members = [];

    public double Sigma { get; private set; }

    public IReadOnlyList<string> Blocks => _blocks;

    public IReadOnlyDictionary<string, List<float[]>> Members => _members;

    /// <summary>Sets the noise level.</summary>
    public StepMeasurement At(double sigma)
    {
        Sigma = sigma;
        return this;
    }

    public void BeginBlock(string block) => _blocks.Add(block);

    public void Add(string member, float[] values)
    {
        if (!_members.TryGetValue(member, out var rows))
        {
            _members[member] = rows = [];
        }
        if (rows.Count > 0 && rows[0].Length != values.Length)
        {
            throw new FluxSpaceException(
                $"{name}: '{member}' has {values.Length} channels at {_blocks[^1]} and {rows[0].Length} at {_blocks[0]}. "
                    + "Files hold layers of one width; measure a Flux model."
            );
        }
        rows.Add(values);
    }
}
