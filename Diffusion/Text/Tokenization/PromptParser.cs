namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// Reads a prompt's weights. <c>(words)</c> multiplies the weight around it by 1.1, <c>(words:1.3)</c> sets it to 1.3,
/// both nest, <c>\(</c> and <c>\)</c> are plain parentheses.
/// </summary>
/// <remarks>
/// Unbalanced prompts read as ComfyUI reads them: a <c>)</c> too many is text, and makes text of the next <c>(</c>;
/// a group that is never closed is text, unless the prompt (or the group around) ends in a <c>)</c>, which then closes it.
/// Time is linear in the prompt's length whatever the nesting, and nothing recurses.
/// </remarks>
public static class PromptParser
{
    private const double GroupFactor = 1.1;

    public static IReadOnlyList<WeightedText> Parse(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var source = new Source(prompt);
        List<WeightedText> result = [];
        var open = new Stack<Part>();
        open.Push(new Part(0, source.Length, 1.0));
        while (open.TryPop(out var part))
        {
            var group = source.NextGroup(part.Start, part.End);
            if (group > part.Start)
            {
                result.Add(new WeightedText(source.Text(part.Start, group), part.Weight));
            }
            if (group == part.End)
            {
                continue;
            }

            var close = source.CloseOf(group);
            if (close < part.End)
            {
                open.Push(part with { Start = close + 1 });
                open.Push(source.Inside(group, close, part.Weight));
            }
            else if (source.IsClose(part.End - 1))
            {
                open.Push(source.Inside(group, part.End - 1, part.Weight));
            }
            else
            {
                result.Add(new WeightedText(source.Text(group, part.End), part.Weight));
            }
        }
        return result;
    }

    /// <summary>A part of the prompt still to be read, between groups' parentheses, with the weight that holds there.</summary>
    private readonly record struct Part(int Start, int End, double Weight);

    /// <summary>The prompt without its escapes, each parenthesis paired once.</summary>
    private sealed class Source
    {
        private const int Unpaired = int.MaxValue;

        private readonly char[] _text;

        // The position of the ')' that closes the '(' at this position; 0 where no group opens.
        private readonly int[] _close;
        private readonly bool[] _isClose;

        // The last ':' and the last parenthesis (escaped or not) before a position; -1 for none.
        private readonly int[] _colonBefore;
        private readonly int[] _parenthesisBefore;

        public Source(string prompt)
        {
            _text = new char[prompt.Length];
            var escaped = new bool[prompt.Length];
            for (var i = 0; i < prompt.Length; i++)
            {
                var next = i + 1 < prompt.Length ? prompt[i + 1] : ' ';
                // ComfyUI writes escapes as NUL and 1 or 2 while it parses, and so reads those as escapes as well.
                var parenthesis = (prompt[i], next) switch
                {
                    ('\\', '(') or ('\0', '\x02') => '(',
                    ('\\', ')') or ('\0', '\x01') => ')',
                    _ => ' ',
                };
                escaped[Length] = parenthesis != ' ';
                _text[Length] = escaped[Length] ? parenthesis : prompt[i];
                i += escaped[Length] ? 1 : 0;
                Length++;
            }

            _close = new int[Length];
            _isClose = new bool[Length];
            _colonBefore = new int[Length + 1];
            _parenthesisBefore = new int[Length + 1];
            _colonBefore[0] = _parenthesisBefore[0] = -1;
            var open = new Stack<int>();
            var surplus = 0;
            for (var i = 0; i < Length; i++)
            {
                var isParenthesis = _text[i] is '(' or ')';
                _colonBefore[i + 1] = _text[i] == ':' ? i : _colonBefore[i];
                _parenthesisBefore[i + 1] = isParenthesis ? i : _parenthesisBefore[i];
                if (!isParenthesis || escaped[i])
                {
                    continue;
                }
                if (_text[i] == '(')
                {
                    if (surplus > 0)
                    {
                        surplus--;
                        continue;
                    }
                    _close[i] = Unpaired;
                    open.Push(i);
                }
                else if (open.TryPop(out var start))
                {
                    _close[start] = i;
                    _isClose[i] = true;
                }
                else
                {
                    surplus++;
                }
            }
        }

        public int Length { get; }

        public string Text(int start, int end) => new(_text, start, end - start);

        public int CloseOf(int group) => _close[group];

        public bool IsClose(int position) => _isClose[position];

        public int NextGroup(int start, int end)
        {
            while (start < end && _close[start] == 0)
            {
                start++;
            }
            return start;
        }

        public Part Inside(int group, int close, double weight)
        {
            var start = group + 1;
            var colon = _colonBefore[close];
            return
                colon > start
                && colon > _parenthesisBefore[close]
                && PythonFloat.TryParse(_text.AsSpan(colon + 1, close - colon - 1), out var written)
                ? new Part(start, colon, written)
                : new Part(start, close, weight * GroupFactor);
        }
    }
}
