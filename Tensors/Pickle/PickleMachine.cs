using System.Globalization;
using System.Numerics;

namespace NodeHost.Tensors.Pickle;

/// <summary>
/// Python's pickle machine reduced to data: opcodes that build numbers, text and containers, and calls of the few names
/// in <see cref="PickleGlobal"/>. It runs in one loop without recursion, for a bounded number of steps.
/// </summary>
/// <remarks>Opcodes: https://github.com/python/cpython/blob/3.12/Lib/pickletools.py</remarks>
internal sealed class PickleMachine(PickleReader reader, Func<PickleTuple, PickleStorage> resolve)
{
    /// <summary>Ten times what the largest checkpoints with their optimizer take; bounds memory and time.</summary>
    private const int MostSteps = 4_000_000;
    private const int HighestProtocol = 5;
    private const int LongestNumber = 1024;

    private readonly PickleStack _stack = new(reader);
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>The value at STOP.</summary>
    /// <exception cref="PickleException">The pickle is damaged, or wants more than data.</exception>
    public object? Run()
    {
        for (var step = 0; step < MostSteps; step++)
        {
            var code = reader.ReadByte();
            if (code == (byte)'.')
            {
                return _stack.Pop();
            }
            if (!Number(code) && !Text(code) && !Container(code) && !Memo(code) && !Call(code))
            {
                throw Forbidden(code);
            }
        }
        throw reader.Refuse(
            PickleRefusal.BadLength,
            $"more than {MostSteps} steps, a dictionary of tensors takes far fewer"
        );
    }

    private bool Number(byte code)
    {
        switch (code)
        {
            case (byte)'N':
                _stack.Push(null);
                return true;
            case 0x88:
                _stack.Push(true);
                return true;
            case 0x89:
                _stack.Push(false);
                return true;
            case (byte)'K':
                _stack.Push((long)reader.ReadByte());
                return true;
            case (byte)'M':
                _stack.Push((long)reader.ReadUInt16());
                return true;
            case (byte)'J':
                _stack.Push((long)reader.ReadInt32());
                return true;
            case (byte)'I':
                var line = reader.ReadLine();
                if (line is "00" or "01")
                {
                    _stack.Push(line is "01");
                }
                else
                {
                    Push(ParseInteger(line));
                }
                return true;
            case (byte)'L':
                Push(ParseInteger(reader.ReadLine().TrimEnd('L')));
                return true;
            case 0x8a:
                Push(ReadInteger(reader.ReadByte()));
                return true;
            case 0x8b:
                Push(ReadInteger(reader.ReadInt32()));
                return true;
            case (byte)'F':
                _stack.Push(
                    double.TryParse(reader.ReadLine(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
                        ? parsed
                        : throw reader.Refuse(PickleRefusal.BadArguments, "text where a number is expected")
                );
                return true;
            case (byte)'G':
                _stack.Push(reader.ReadDouble());
                return true;
            default:
                return false;
        }
    }

    private bool Text(byte code)
    {
        switch (code)
        {
            case (byte)'X':
                _stack.Push(reader.ReadText((uint)reader.ReadInt32()));
                return true;
            case 0x8c:
            case (byte)'U':
                _stack.Push(reader.ReadText(reader.ReadByte()));
                return true;
            case 0x8d:
                _stack.Push(reader.ReadText(reader.ReadInt64()));
                return true;
            case (byte)'T':
                _stack.Push(reader.ReadText(reader.ReadInt32()));
                return true;
            case (byte)'C':
                _stack.Push(reader.ReadBytes(reader.ReadByte()));
                return true;
            case (byte)'B':
                _stack.Push(reader.ReadBytes((uint)reader.ReadInt32()));
                return true;
            case 0x8e:
            case 0x96:
                _stack.Push(reader.ReadBytes(reader.ReadInt64()));
                return true;
            default:
                return false;
        }
    }

    private bool Container(byte code)
    {
        switch (code)
        {
            case (byte)'(':
                _stack.Mark();
                return true;
            case (byte)'0':
                _stack.PopValueOrMark();
                return true;
            case (byte)'1':
                _stack.PopToMark();
                return true;
            case (byte)'2':
                _stack.Push(_stack.Peek());
                return true;
            case (byte)']':
                _stack.Push(new PickleList());
                return true;
            case (byte)'l':
                var list = new PickleList();
                list.Items.AddRange(_stack.PopToMark());
                _stack.Push(list);
                return true;
            case (byte)'a':
                var item = _stack.Pop();
                _stack.Peek<PickleList>().Items.Add(item);
                return true;
            case (byte)'e':
                var items = _stack.PopToMark();
                _stack.Peek<PickleList>().Items.AddRange(items);
                return true;
            case (byte)')':
                _stack.Push(PickleTuple.Empty);
                return true;
            case (byte)'t':
                _stack.Push(new PickleTuple([.. _stack.PopToMark()]));
                return true;
            case 0x85:
            case 0x86:
            case 0x87:
                _stack.Push(new PickleTuple([.. _stack.Pop(code - 0x84)]));
                return true;
            case (byte)'}':
                _stack.Push(new PickleDictionary());
                return true;
            case (byte)'d':
                var pairs = _stack.PopToMark();
                var dictionary = new PickleDictionary();
                Fill(dictionary, pairs);
                _stack.Push(dictionary);
                return true;
            case (byte)'s':
                var pair = _stack.Pop(2);
                Fill(_stack.Peek<PickleDictionary>(), pair);
                return true;
            case (byte)'u':
                var added = _stack.PopToMark();
                Fill(_stack.Peek<PickleDictionary>(), added);
                return true;
            case 0x8f:
                _stack.Push(PickleInert.Instance);
                return true;
            case 0x90:
                _stack.PopToMark();
                _stack.Peek<PickleInert>();
                return true;
            case 0x91:
                _stack.PopToMark();
                _stack.Push(PickleInert.Instance);
                return true;
            default:
                return false;
        }
    }

    private bool Memo(byte code)
    {
        switch (code)
        {
            case (byte)'q':
                _memo[reader.ReadByte()] = _stack.Peek();
                return true;
            case (byte)'r':
                _memo[(uint)reader.ReadInt32()] = _stack.Peek();
                return true;
            case (byte)'p':
                _memo[ReadIndex()] = _stack.Peek();
                return true;
            case 0x94:
                _memo[_memo.Count] = _stack.Peek();
                return true;
            case (byte)'h':
                _stack.Push(Recall(reader.ReadByte()));
                return true;
            case (byte)'j':
                _stack.Push(Recall((uint)reader.ReadInt32()));
                return true;
            case (byte)'g':
                _stack.Push(Recall(ReadIndex()));
                return true;
            default:
                return false;
        }
    }

    private bool Call(byte code)
    {
        switch (code)
        {
            case 0x80:
                var protocol = reader.ReadByte();
                if (protocol > HighestProtocol)
                {
                    throw reader.Refuse(
                        PickleRefusal.OpcodeNotAllowed,
                        $"pickle protocol {protocol}, expected at most {HighestProtocol}"
                    );
                }
                return true;
            case 0x95:
                // The length only helps readers to buffer.
                reader.ReadInt64();
                return true;
            case (byte)'c':
                var module = reader.ReadLine();
                _stack.Push(Global(module, reader.ReadLine()));
                return true;
            case 0x93:
                var name = _stack.Pop(2);
                _stack.Push(
                    name is [string left, string right]
                        ? Global(left, right)
                        : throw reader.Refuse(PickleRefusal.BadArguments, "a class whose name is not text")
                );
                return true;
            case (byte)'i':
                // Not allowed at all; refused by the name, which says more.
                var owner = reader.ReadLine();
                Global(owner, reader.ReadLine());
                return false;
            case (byte)'R':
                var call = _stack.Pop(2);
                _stack.Push(PickleReduction.Apply(reader, call[0], call[1]));
                return true;
            case (byte)'b':
                Build();
                return true;
            case (byte)'Q':
                var id = _stack.Pop();
                _stack.Push(
                    id is PickleTuple tuple
                        ? resolve(tuple)
                        : throw reader.Refuse(
                            PickleRefusal.BadArguments,
                            $"a persistent id that is {PickleReduction.Describe(id)}, expected a tuple"
                        )
                );
                return true;
            default:
                return false;
        }
    }

    // An ordered dictionary's attributes (_metadata) are passed over; nothing else that matters has a state.
    private void Build()
    {
        var state = _stack.Pop();
        var target = _stack.Peek();
        if (target is not PickleInert && (target is not PickleDictionary || state is not PickleDictionary))
        {
            throw reader.Refuse(
                PickleRefusal.BadArguments,
                $"{PickleReduction.Describe(state)} as the state of {PickleReduction.Describe(target)}"
            );
        }
    }

    private PickleGlobal Global(string module, string name) =>
        PickleGlobal.Find(module, name)
        ?? throw reader.Refuse(
            PickleRefusal.GlobalNotAllowed,
            $"the file wants {PickleReduction.Describe($"{module}.{name}")}, which is not on the list of what a model file may "
                + "name; nothing was run. It may be hostile"
        );

    private PickleException Forbidden(byte code) =>
        reader.Refuse(
            PickleRefusal.OpcodeNotAllowed,
            $"opcode 0x{code:x2}, which no dictionary of tensors needs; nothing was run. The file is damaged or hostile"
        );

    private void Fill(PickleDictionary dictionary, object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
        {
            throw reader.Refuse(PickleRefusal.Stack, "a key without a value");
        }
        for (var i = 0; i < pairs.Length; i += 2)
        {
            dictionary.Set(pairs[i], pairs[i + 1]);
        }
    }

    private void Push(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            _stack.Push((long)value);
        }
        else
        {
            _stack.Push(value);
        }
    }

    private BigInteger ReadInteger(long length)
    {
        if (length is < 0 or > LongestNumber)
        {
            throw reader.Refuse(PickleRefusal.BadLength, $"a number of {length} bytes, expected 0 to {LongestNumber}");
        }
        return new BigInteger(reader.ReadBytes(length));
    }

    private BigInteger ParseInteger(string line) =>
        line.Length <= LongestNumber
        && BigInteger.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw reader.Refuse(PickleRefusal.BadArguments, "text where a whole number is expected");

    private long ReadIndex() =>
        long.TryParse(reader.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw reader.Refuse(PickleRefusal.MemoIndex, "a memo slot that is no number of 64 bits");

    private object? Recall(long index) =>
        _memo.TryGetValue(index, out var value)
            ? value
            : throw reader.Refuse(
                PickleRefusal.MemoIndex,
                $"memo slot {index} is read before it is filled. The file is damaged"
            );
}
