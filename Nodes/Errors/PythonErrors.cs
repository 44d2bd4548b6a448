using NodeHost.Diffusion.FluxSpace;
using NodeHost.Nodes.Files;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Errors;

/// <summary>What goes wrong in nodes in Python's words, because clients of ComfyUI look for those.</summary>
public static class PythonErrors
{
    /// <summary>The type that the same failure has there; null where .NET's own name has to do.</summary>
    public static string? TypeOf(Exception error) =>
        error switch
        {
            TensorOutOfMemoryException or OutOfMemoryException => "torch.OutOfMemoryError",
            TensorException => "RuntimeError",
            FluxSpaceException => "ValueError",
            PathException or FileNotFoundException or DirectoryNotFoundException => "FileNotFoundError",
            UnauthorizedAccessException => "PermissionError",
            IOException => "OSError",
            IndexOutOfRangeException => "IndexError",
            KeyNotFoundException => "KeyError",
            ArgumentException or FormatException => "ValueError",
            DivideByZeroException => "ZeroDivisionError",
            OverflowException => "OverflowError",
            InvalidCastException => "TypeError",
            NotSupportedException => "NotImplementedError",
            _ => null,
        };

    /// <summary>libtorch's own sentence without what NodeHost adds; null for all other errors.</summary>
    public static string? MessageOf(Exception error) => (error as TensorException)?.Problem;
}
