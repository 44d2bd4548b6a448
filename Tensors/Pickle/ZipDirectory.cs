using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NodeHost.Tensors.Pickle;

/// <summary>
/// The central directory of a zip file. Entries are found by name, never unpacked: PyTorch stores them uncompressed, so
/// that tensors can look into the file.
/// </summary>
/// <remarks>Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (sections 4.3.7 to 4.3.16, zip64 4.5.3).</remarks>
internal sealed class ZipDirectory
{
    private const uint LocalSignature = 0x04034b50;
    private const uint CentralSignature = 0x02014b50;
    private const uint EndSignature = 0x06054b50;
    private const uint End64LocatorSignature = 0x07064b50;
    private const uint End64Signature = 0x06064b50;
    private const int LocalLength = 30;
    private const int CentralLength = 46;
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int End64Length = 56;
    private const int MostDirectory = 1 << 26;

    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly long _length;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _start;

    private ZipDirectory(string path, SafeFileHandle handle, long length)
    {
        _path = path;
        _handle = handle;
        _length = length;
    }

    public IEnumerable<string> Names => _entries.Keys;

    public static ZipDirectory Read(string path, SafeFileHandle handle, long length)
    {
        var directory = new ZipDirectory(path, handle, length);
        directory.Read();
        return directory;
    }

    /// <summary>Where an entry's bytes lie in the file; null where there is none.</summary>
    public (long Position, long Length)? Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            return null;
        }
        if (entry.Method != 0 || (entry.Flags & 1) != 0)
        {
            throw new PickleException(
                _path,
                PickleRefusal.ZipCompressed,
                $"archive entry '{Show(name)}' is compressed or encrypted, expected it stored as PyTorch writes it. Save the model again."
            );
        }
        if (entry.Size != entry.StoredSize || entry.Position < 0 || entry.Position > _start - LocalLength)
        {
            throw BadSize(name);
        }
        Span<byte> local = stackalloc byte[LocalLength];
        Fill(local, entry.Position);
        var position =
            entry.Position
            + LocalLength
            + BinaryPrimitives.ReadUInt16LittleEndian(local[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (
            BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalSignature
            || position > _start
            || entry.Size < 0
            || entry.Size > _start - position
        )
        {
            throw BadSize(name);
        }
        return (position, entry.Size);
    }

    private void Read()
    {
        // The end record is the last thing in the file but for a comment.
        var tail = new byte[(int)Math.Min(_length, EndLength + ushort.MaxValue)];
        Fill(tail, _length - tail.Length);
        var end = tail.Length - EndLength;
        while (end >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end)) != EndSignature)
        {
            end--;
        }
        if (end < 0)
        {
            throw new PickleException(
                _path,
                PickleRefusal.Truncated,
                "the zip archive has no directory at its end. The file is cut off: download it again."
            );
        }
        long size = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 12));
        _start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        var directoryEnd = _length - tail.Length + end;
        ReadEnd64(ref directoryEnd, ref size);
        if (size < 0 || _start < 0 || size > MostDirectory || size > directoryEnd || _start > directoryEnd - size)
        {
            throw BadSize("directory");
        }
        var central = new byte[size];
        Fill(central, _start);
        ReadEntries(central);
    }

    private void ReadEnd64(ref long directoryEnd, ref long size)
    {
        var locatorPosition = directoryEnd - LocatorLength;
        if (locatorPosition < End64Length)
        {
            return;
        }
        Span<byte> locator = stackalloc byte[LocatorLength];
        Fill(locator, locatorPosition);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != End64LocatorSignature)
        {
            return;
        }
        var position = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (position < 0 || position > locatorPosition - End64Length)
        {
            throw BadSize("zip64 directory");
        }
        Span<byte> end64 = stackalloc byte[End64Length];
        Fill(end64, position);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end64) != End64Signature)
        {
            throw BadSize("zip64 directory");
        }
        size = BinaryPrimitives.ReadInt64LittleEndian(end64[40..]);
        _start = BinaryPrimitives.ReadInt64LittleEndian(end64[48..]);
        directoryEnd = position;
    }

    private void ReadEntries(ReadOnlySpan<byte> central)
    {
        while (central.Length >= CentralLength && BinaryPrimitives.ReadUInt32LittleEndian(central) == CentralSignature)
        {
            var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(central[28..]);
            var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(central[30..]);
            var commentLength = BinaryPrimitives.ReadUInt16LittleEndian(central[32..]);
            var whole = CentralLength + nameLength + extraLength + commentLength;
            if (whole > central.Length)
            {
                break;
            }
            var entry = new Entry(
                BinaryPrimitives.ReadUInt16LittleEndian(central[8..]),
                BinaryPrimitives.ReadUInt16LittleEndian(central[10..]),
                BinaryPrimitives.ReadUInt32LittleEndian(central[24..]),
                BinaryPrimitives.ReadUInt32LittleEndian(central[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(central[42..])
            );
            var name = Encoding.UTF8.GetString(central.Slice(CentralLength, nameLength));
            _entries.TryAdd(name, Widen(entry, central.Slice(CentralLength + nameLength, extraLength)));
            central = central[whole..];
        }
        if (!central.IsEmpty)
        {
            throw BadSize("directory");
        }
    }

    // Sizes that are all ones stand in the zip64 field, in this order.
    private static Entry Widen(Entry entry, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var kind = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            var field = extra.Slice(4, length);
            if (kind == 1)
            {
                return entry with
                {
                    Size = Next(entry.Size, ref field),
                    StoredSize = Next(entry.StoredSize, ref field),
                    Position = Next(entry.Position, ref field),
                };
            }
            extra = extra[(4 + length)..];
        }
        return entry;
    }

    private static long Next(long value, ref ReadOnlySpan<byte> field)
    {
        if (value != uint.MaxValue || field.Length < 8)
        {
            return value;
        }
        var wide = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[8..];
        return wide;
    }

    private void Fill(Span<byte> target, long position)
    {
        while (!target.IsEmpty)
        {
            var count = RandomAccess.Read(_handle, target, position);
            if (count == 0)
            {
                throw new PickleException(
                    _path,
                    PickleRefusal.Truncated,
                    "the file became shorter while it was read. Open it again."
                );
            }
            target = target[count..];
            position += count;
        }
    }

    private PickleException BadSize(string name) =>
        new(
            _path,
            PickleRefusal.ZipSize,
            $"the zip archive says of '{Show(name)}' a place or size that does not fit the file of {_length} bytes. Download it again."
        );

    private static string Show(string name) => name.Length <= 80 ? name : name[..80] + "...";

    private sealed record Entry(int Flags, int Method, long Size, long StoredSize, long Position);
}
