using System.Runtime.InteropServices;

namespace NodeHost.Tensors.Pickle;

/// <summary>The pickle machine's stack and its marks; what is taken from it must be there, above the last mark.</summary>
internal sealed class PickleStack(PickleReader reader)
{
    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];

    public void Push(object? value) => _values.Add(value);

    public void Mark() => _marks.Add(_values.Count);

    public object? Peek() => Top(1)[0];

    public T Peek<T>()
        where T : class =>
        Peek() as T
        ?? throw reader.Refuse(
            PickleRefusal.BadArguments,
            $"something is put into {PickleReduction.Describe(Peek())}, which is no container of that kind"
        );

    public object? Pop()
    {
        var value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    public object?[] Pop(int count)
    {
        var values = Top(count).ToArray();
        _values.RemoveRange(_values.Count - count, count);
        return values;
    }

    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw reader.Refuse(PickleRefusal.Stack, "a mark is missing. The file is damaged");
        }
        var values = Pop(_values.Count - _marks[^1]);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    public void PopValueOrMark()
    {
        if (_marks.Count > 0 && _marks[^1] == _values.Count)
        {
            _marks.RemoveAt(_marks.Count - 1);
        }
        else
        {
            Pop();
        }
    }

    private Span<object?> Top(int count)
    {
        var floor = _marks.Count == 0 ? 0 : _marks[^1];
        if (_values.Count - floor < count)
        {
            throw reader.Refuse(PickleRefusal.Stack, "a value is taken from an empty stack. The file is damaged");
        }
        return CollectionsMarshal.AsSpan(_values)[^count..];
    }
}
