using System.Text;

namespace NodeHost.Tests;

/// <summary>Writes GGUF files for tests, sound ones and others.</summary>
internal sealed class GgufWriter
{
    public const int F32 = 0;
    public const int F16 = 1;
    public const int Q8 = 8;

    private readonly List<Action<BinaryWriter>> _values = [];
    private readonly List<(string Name, long[] Shape, int Type, byte[] Data)> _tensors = [];

    public uint Version { get; init; } = 3;

    /// <summary>What offsets are multiples of; to be said by <c>general.alignment</c> where it is another.</summary>
    public int Alignment { get; init; } = 32;

    public GgufWriter Text(string key, string value) => Value(key, 8, writer => Write(writer, value));

    public GgufWriter Number(string key, uint value) => Value(key, 4, writer => writer.Write(value));

    public GgufWriter Numbers(string key, params IReadOnlyList<int> values) =>
        Value(
            key,
            9,
            writer =>
            {
                writer.Write(5);
                writer.Write((ulong)values.Count);
                foreach (var value in values)
                {
                    writer.Write(value);
                }
            }
        );

    public GgufWriter Value(string key, int type, Action<BinaryWriter> write)
    {
        _values.Add(writer =>
        {
            Write(writer, key);
            writer.Write(type);
            write(writer);
        });
        return this;
    }

    /// <param name="name">Its name.</param>
    /// <param name="shape">Slowest dimension first.</param>
    /// <param name="type">ggml's number of the type.</param>
    /// <param name="data">The stored bytes.</param>
    public GgufWriter Tensor(string name, long[] shape, int type, byte[] data)
    {
        _tensors.Add((name, shape, type, data));
        return this;
    }

    public byte[] Build()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_values.Count);
        foreach (var write in _values)
        {
            write(writer);
        }
        var offset = 0L;
        foreach (var (name, shape, type, data) in _tensors)
        {
            Write(writer, name);
            writer.Write(shape.Length);
            foreach (var length in shape.Reverse())
            {
                writer.Write(length);
            }
            writer.Write(type);
            writer.Write(offset);
            offset += Padded(data.Length);
        }
        Pad(stream);
        foreach (var (_, _, _, data) in _tensors)
        {
            writer.Write(data);
            Pad(stream);
        }
        return stream.ToArray();
    }

    /// <summary>Numbers as Q8_0, and what they are when read again.</summary>
    public static (byte[] Data, float[] Decoded) QuantiseQ8(float[] numbers)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var decoded = new List<float>();
        foreach (var block in numbers.Chunk(32))
        {
            var scale = (Half)(block.Max(Math.Abs) / 127);
            writer.Write(BitConverter.HalfToUInt16Bits(scale));
            foreach (var number in block)
            {
                var step = scale == (Half)0 ? 0 : (int)Math.Clamp(Math.Round(number / (float)scale), -128, 127);
                writer.Write((sbyte)step);
                decoded.Add(step * (float)scale);
            }
        }
        return (stream.ToArray(), [.. decoded]);
    }

    private static void Write(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private void Pad(MemoryStream stream) => stream.SetLength(stream.Position = Padded(stream.Position));
}
