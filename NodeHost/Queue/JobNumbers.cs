using System.Globalization;
using Newtonsoft.Json.Linq;
using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>The counter of prompts. Numbers are put aside in the store a block at a time, so that no crash repeats one.</summary>
internal sealed class JobNumbers(IJobStore store)
{
    private const int Block = 256;

    private readonly Lock _lock = new();
    private long _next;
    private long _end;

    public long Take()
    {
        lock (_lock)
        {
            if (_next == _end)
            {
                _next = store.ReserveNumbers(Block);
                _end = _next + Block;
            }
            return _next++;
        }
    }

    /// <summary>Gives back what was put aside and not used.</summary>
    public void Return()
    {
        lock (_lock)
        {
            if (_next < _end)
            {
                store.ReturnNumbers(_next);
                _end = _next;
            }
        }
    }

    /// <summary>A number as a place in the queue; what cannot be ordered goes to an end or to the start of the counter.</summary>
    public static double ToPlace(JValue number)
    {
        var place = Convert.ToDouble(number.Value, CultureInfo.InvariantCulture);
        return double.IsNaN(place) ? 0 : Math.Clamp(place, double.MinValue, double.MaxValue);
    }

    public static string ToJson(double place) =>
        double.IsInteger(place) && Math.Abs(place) < 1L << 53
            ? ((long)place).ToString(CultureInfo.InvariantCulture)
            : place.ToString("R", CultureInfo.InvariantCulture);
}
