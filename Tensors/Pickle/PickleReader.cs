using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NodeHost.Tensors.Pickle;

/// <summary>
/// The bytes of a range of a file in order. No buffer is larger than the data that is really there, and one reader hands
/// out a bounded amount of text.
/// </summary>
internal sealed class PickleReader(string path, SafeFileHandle handle, long position, long end)
{
    private const int LongestLine = 4096;
    private const long MostMemory = 1 << 27;

    private readonly byte[] _buffer = new byte[(int)Math.Clamp(end - position, 0, 1 << 16)];
    private long _bufferStart = position;
    private int _bufferLength;
    private int _next;
    private long _charged;

    public string Path => path;

    /// <summary>Where in the file the next byte lies.</summary>
    public long Position => _bufferStart + _next;

    public void Seek(long target)
    {
        _bufferStart = target;
        _bufferLength = 0;
        _next = 0;
    }

    public byte ReadByte()
    {
        if (_next == _bufferLength && !Refill())
        {
            throw Truncated(1);
        }
        return _buffer[_next++];
    }

    public void Read(Span<byte> target)
    {
        if (target.Length > end - Position)
        {
            throw Truncated(target.Length);
        }
        while (!target.IsEmpty)
        {
            if (_next == _bufferLength && !Refill())
            {
                throw Truncated(target.Length);
            }
            var count = Math.Min(target.Length, _bufferLength - _next);
            _buffer.AsSpan(_next, count).CopyTo(target);
            _next += count;
            target = target[count..];
        }
    }

    public ushort ReadUInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Read(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public int ReadInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Read(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public long ReadInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public double ReadDouble()
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(bytes);
        return BinaryPrimitives.ReadDoubleBigEndian(bytes);
    }

    public byte[] ReadBytes(long length)
    {
        if (length < 0)
        {
            throw Refuse(
                PickleRefusal.BadLength,
                $"a length of {length}, expected 0 or more. The file is damaged or hostile"
            );
        }
        if (length > end - Position)
        {
            throw Truncated(length);
        }
        Charge(length);
        var bytes = new byte[length];
        Read(bytes);
        return bytes;
    }

    public string ReadText(long length) => Encoding.UTF8.GetString(ReadBytes(length));

    /// <summary>Text up to a line feed.</summary>
    public string ReadLine()
    {
        Span<byte> line = stackalloc byte[LongestLine];
        for (var length = 0; length < LongestLine; length++)
        {
            var value = ReadByte();
            if (value == (byte)'\n')
            {
                Charge(length);
                return Encoding.UTF8.GetString(line[..length]);
            }
            line[length] = value;
        }
        throw Refuse(PickleRefusal.BadLength, $"a line of more than {LongestLine} bytes");
    }

    /// <summary>Counts memory that the pickle asks for, which short files could else ask for again and again.</summary>
    public void Charge(long bytes)
    {
        _charged += bytes;
        if (_charged > MostMemory)
        {
            throw Refuse(
                PickleRefusal.BadLength,
                $"more than {MostMemory} bytes of text and keys, a dictionary of tensors holds far fewer"
            );
        }
    }

    public PickleException Refuse(PickleRefusal refusal, string problem) =>
        new(path, refusal, $"pickle at byte {Position}: {problem}. Get the model as .safetensors, or from its author.");

    private PickleException Truncated(long wanted) =>
        Refuse(
            PickleRefusal.Truncated,
            $"expected {wanted} more bytes, the data ends after {Math.Max(0, end - Position)}. The file is cut off or damaged"
        );

    private bool Refill()
    {
        _bufferStart += _bufferLength;
        _next = 0;
        var wanted = (int)Math.Min(_buffer.Length, end - _bufferStart);
        _bufferLength = wanted <= 0 ? 0 : RandomAccess.Read(handle, _buffer.AsSpan(0, wanted), _bufferStart);
        return _bufferLength > 0;
    }
}
