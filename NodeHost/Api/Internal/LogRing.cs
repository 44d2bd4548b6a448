using System.Text;
using System.Text.RegularExpressions;
using NodeHost.Security;

namespace NodeHost.Api.Internal;

/// <summary>What the server printed last. Everything still goes where it went; secrets go nowhere.</summary>
internal sealed partial class LogRing
{
    private const int Capacity = 300;

    private readonly Lock _lock = new();
    private readonly Queue<LogEntry> _entries = [];

    /// <summary>Is told of each entry, on the thread that printed it.</summary>
    public event Action<LogEntry>? Written;

    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>From now on the console's outputs are kept as well.</summary>
    public void Attach()
    {
        Console.SetOut(new Tee(Console.Out, this));
        Console.SetError(new Tee(Console.Error, this));
    }

    public void Add(string text)
    {
        var entry = new LogEntry(DateTimeOffset.UtcNow, text);
        lock (_lock)
        {
            _entries.Enqueue(entry);
            if (_entries.Count > Capacity)
            {
                _entries.Dequeue();
            }
        }
        Written?.Invoke(entry);
    }

    /// <summary>The text without keys and tokens.</summary>
    internal static string Redact(string text) => Secrets().Replace(text, "${kept}(secret)");

    [GeneratedRegex(
        $@"(?<kept>\bBearer\s+|[?&](?:token|access_token)=)[^\s&""']+|{ApiToken.Prefix}[A-Za-z0-9_-]{{43}}",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Secrets();

    private sealed class Tee(TextWriter target, LogRing ring) : TextWriter
    {
        private readonly StringBuilder _line = new();
        private readonly Lock _lock = new();

        public override Encoding Encoding => target.Encoding;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(string? value)
        {
            lock (_lock)
            {
                _line.Append(value);
                var text = _line.ToString();
                var end = text.LastIndexOf('\n') + 1;
                if (end == 0)
                {
                    return;
                }
                _line.Remove(0, end);
                var lines = Redact(text[..end]);
                target.Write(lines);
                ring.Add(lines);
            }
        }

        public override void WriteLine(string? value) => Write(value + NewLine);

        public override void WriteLine() => Write(NewLine);

        public override void Flush()
        {
            lock (_lock)
            {
                target.Write(Redact(_line.ToString()));
                _line.Clear();
                target.Flush();
            }
        }
    }
}

/// <summary>One thing that was printed.</summary>
internal sealed record LogEntry(DateTimeOffset Time, string Text);
