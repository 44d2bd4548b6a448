using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Caching;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>Computes cache keys: a node's class, fingerprint and inputs, with the key of what each link leads to.</summary>
/// <remarks>
/// A key contains keys and not whole histories, so a chain costs linear time. Equality is Python's: 1, 1.0 and True are
/// one value, containers compare by content, and NaN or an object of unknown kind equals nothing, not even itself in
/// the next run; within a run the node keeps the key it once got. Inputs count in sorted order, and ids do not count
/// unless the class is tied to them.
/// </remarks>
internal sealed class Signatures(RunGraph graph)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private bool _isIncomparable;

    public CacheKey Of(RunNode root)
    {
        if (root.Key is { } known)
        {
            return known;
        }
        var path = new Stack<RunNode>([root]);
        var opened = new HashSet<RunNode>();
        while (path.TryPeek(out var node))
        {
            if (node.Key is null && opened.Add(node))
            {
                foreach (var (_, link) in node.Links)
                {
                    // An upstream node that is open already closes a cycle; the executor reports that.
                    if (graph.Find(link.NodeId) is { Key: null } upstream && !opened.Contains(upstream))
                    {
                        path.Push(upstream);
                    }
                }
                continue;
            }
            node.Key ??= Compute(node);
            path.Pop();
        }
        return root.Key!.Value;
    }

    private CacheKey Compute(RunNode node)
    {
        _buffer.ResetWrittenCount();
        _isIncomparable = false;
        Write('c', node.Definition.ClassType);
        if (node.Definition.IsTiedToId)
        {
            Write('#', node.Id);
        }
        if (node.Fingerprint is { } fingerprint)
        {
            Tag('f');
            foreach (var value in fingerprint)
            {
                WriteValue(value);
            }
        }
        foreach (var (name, value) in node.Inputs.OrderBy(input => input.Key, StringComparer.Ordinal))
        {
            Write('i', name);
            if (value is NodeLink link)
            {
                WriteLink(link);
            }
            else
            {
                WriteValue(value);
            }
        }
        node.IsIncomparable = _isIncomparable;
        return CacheKey.Of(_buffer.WrittenSpan);
    }

    private void WriteLink(NodeLink link)
    {
        if (graph.Find(link.NodeId)?.Key is { } key)
        {
            Write('k', key.ToString());
            Write('s', link.Slot.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            WriteUnique();
        }
    }

    private void WriteValue(object? value)
    {
        switch (value)
        {
            case null:
                Tag('n');
                break;
            case string text:
                Write('t', text);
                break;
            case bool flag:
                Write('d', flag ? "1" : "0");
                break;
            case int or long or ulong or BigInteger:
                Write('d', Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            case float or double:
                WriteReal(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case JValue json:
                WriteValue(json.Value);
                break;
            case JArray array:
                Write('[', array.Count.ToString(CultureInfo.InvariantCulture));
                foreach (var item in array)
                {
                    WriteValue(item);
                }
                break;
            case JObject members:
                Write('{', members.Count.ToString(CultureInfo.InvariantCulture));
                foreach (
                    var property in members.Properties().OrderBy(property => property.Name, StringComparer.Ordinal)
                )
                {
                    Write('m', property.Name);
                    WriteValue(property.Value);
                }
                break;
            default:
                WriteUnique();
                break;
        }
    }

    private void WriteReal(double real)
    {
        if (double.IsNaN(real))
        {
            WriteUnique();
        }
        else if (double.IsInteger(real))
        {
            Write('d', new BigInteger(real).ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            Write('d', real.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private void WriteUnique()
    {
        _isIncomparable = true;
        Write('u', Guid.NewGuid().ToString());
    }

    private void Tag(char tag) => _buffer.Write([(byte)tag]);

    private void Write(char tag, string text)
    {
        // The length keeps neighbours apart: ("ab", "c") is not ("a", "bc").
        Span<byte> length = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(length, text.Length);
        Tag(tag);
        _buffer.Write(length);
        Encoding.UTF8.GetBytes(text, _buffer);
    }
}
