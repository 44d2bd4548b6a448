using System.Globalization;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Errors;

/// <summary>A tensor as PyTorch prints it: four digits, and the ends of what is long.</summary>
/// <remarks>After <c>torch/_tensor_str.py</c> of PyTorch (BSD-3-Clause, https://github.com/pytorch/pytorch).</remarks>
internal static class PythonTensorText
{
    private const int Threshold = 1000;
    private const int EdgeItems = 3;
    private const int LineWidth = 80;
    private const string Prefix = "tensor(";

    public static string Of(Tensor tensor)
    {
        using var scope = new TensorScope();
        var isSummarised = tensor.ElementCount > Threshold;
        var isReal = tensor.DType.IsFloatingPoint();
        var shown = isSummarised ? Ends(tensor) : tensor;
        var values = shown
            .To(Tensors.Device.Cpu, isReal || tensor.DType == DType.Bool ? DType.Float64 : DType.Int64)
            .Contiguous();
        var numbers =
            isReal ? values.ToArray<double>()
            : tensor.DType == DType.Bool ? values.ToArray<double>()
            : [.. values.ToArray<long>().Select(value => (double)value)];
        var format = new NumberFormat(numbers, isReal, tensor.DType == DType.Bool);
        var writer = new Writer(format, numbers, tensor.Shape.ToArray(), isSummarised);
        var text = tensor.ElementCount == 0 ? "[]" : writer.Write(0, Prefix.Length);
        return $"{Prefix}{text}{Suffix(tensor)})";
    }

    private static string Suffix(Tensor tensor)
    {
        var suffix = tensor.Device.IsCpu ? "" : $", device='{tensor.Device}'";
        if (tensor.ElementCount == 0 && tensor.Rank != 1)
        {
            suffix += $", size=({string.Join(", ", tensor.Shape.ToArray())})";
        }
        return tensor.DType is DType.Float32 or DType.Int64 or DType.Bool
            ? suffix
            : $"{suffix}, dtype=torch.{tensor.DType.ToString().ToLowerInvariant()}";
    }

    /// <summary>The first and last elements along each dimension, which is all that is shown.</summary>
    private static Tensor Ends(Tensor tensor)
    {
        for (var dimension = 0; dimension < tensor.Rank; dimension++)
        {
            var length = tensor.Length(dimension);
            if (length > 2 * EdgeItems)
            {
                tensor = Tensor.Concat(
                    [tensor.Slice(dimension, 0, EdgeItems), tensor.Slice(dimension, length - EdgeItems, length)],
                    dimension
                );
            }
        }
        return tensor;
    }

    private sealed class NumberFormat
    {
        private readonly bool _isReal;
        private readonly bool _isBool;
        private readonly bool _isWhole = true;
        private readonly bool _isScientific;

        public NumberFormat(double[] numbers, bool isReal, bool isBool)
        {
            (_isReal, _isBool) = (isReal, isBool);
            var finite = numbers.Where(number => !isReal || (double.IsFinite(number) && number != 0)).ToArray();
            if (finite.Length > 0 && isReal)
            {
                var (least, most) = (finite.Min(Math.Abs), finite.Max(Math.Abs));
                _isWhole = finite.All(number => number == Math.Ceiling(number));
                _isScientific = most / least > 1000 || most > 1e8 || (!_isWhole && least < 1e-4);
            }
            Width = finite.Length == 0 ? 1 : Math.Max(1, finite.Max(number => Bare(number).Length));
        }

        public int Width { get; }

        public string Of(double number) => Bare(number).PadLeft(Width);

        private string Bare(double number) =>
            _isBool ? (number != 0 ? "True" : "False")
            : !_isReal ? number.ToString("F0", CultureInfo.InvariantCulture)
            : double.IsNaN(number) ? "nan"
            : double.IsInfinity(number) ? (number > 0 ? "inf" : "-inf")
            : _isScientific ? number.ToString("0.0000e+00", CultureInfo.InvariantCulture)
            : _isWhole ? number.ToString("F0", CultureInfo.InvariantCulture) + "."
            : number.ToString("F4", CultureInfo.InvariantCulture);
    }

    private sealed class Writer(NumberFormat format, double[] numbers, long[] shape, bool isSummarised)
    {
        private int _next;

        public string Write(int dimension, int indent)
        {
            if (shape.Length == 0)
            {
                return format.Of(numbers[0]);
            }
            var isLast = dimension == shape.Length - 1;
            var isCut = isSummarised && shape[dimension] > 2 * EdgeItems;
            var count = isCut ? 2 * EdgeItems : (int)shape[dimension];
            var items = new List<string>();
            for (var index = 0; index < count; index++)
            {
                if (isCut && index == EdgeItems)
                {
                    items.Add(isLast ? " ..." : "...");
                }
                items.Add(isLast ? format.Of(numbers[_next++]) : Write(dimension + 1, indent + 1));
            }
            var margin = new string(' ', indent + 1);
            if (!isLast)
            {
                var gap = "," + new string('\n', shape.Length - dimension - 1) + margin;
                return $"[{string.Join(gap, items)}]";
            }
            var perLine = Math.Max(1, (LineWidth - indent) / (format.Width + 2));
            return $"[{string.Join(",\n" + margin, items.Chunk(perLine).Select(line => string.Join(", ", line)))}]";
        }
    }
}
