namespace NodeHost.Images.Quantization;

/// <summary>The errors of one colour on their way right and down, in sixteenths.</summary>
internal sealed class DiffusionRow(int width)
{
    // Slot x holds what pixel x - 1 of the next row gets; slot 0 falls off the left edge.
    private readonly int[] _errors = new int[width + 1];
    private int _right;
    private int _below;
    private int _diagonal;
    private int _last;

    public (int Below, int Diagonal, int Last) Running => (_below, _diagonal, _last);

    public void Start() => (_right, _below, _diagonal, _last) = (0, 0, 0, 0);

    public int Adjust(byte value, int x) => Math.Clamp(value + ((_right + _errors[x + 1]) / 16), 0, 255);

    public void Spread(int error, int x)
    {
        _errors[x] = (3 * error) + _below;
        _below = (5 * error) + _diagonal;
        _diagonal = error;
        _last = error;
        _right = 7 * error;
    }

    public void Finish(int error) => _errors[^1] = error;
}
