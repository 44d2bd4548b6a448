using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Noise;

/// <summary>
/// A Brownian path on [start, end] that depends on the seed alone, not on the order of the questions: a binary tree of
/// intervals, halved down to a tolerance, each with a seed of its own.
/// </summary>
/// <remarks>
/// Gives the numbers of torchsde 0.2.6's BrownianTree, https://github.com/google-research/torchsde (Apache-2.0,
/// Copyright 2020 Google LLC), after its brownian_interval.py.
/// </remarks>
internal sealed class BrownianTree
{
    private const int PoolSize = 24;

    private readonly long[] _shape;
    private readonly ulong _entropy;
    private readonly Interval _root;

    public BrownianTree(double start, double end, ReadOnlySpan<long> shape, ulong entropy)
    {
        _shape = shape.ToArray();
        _entropy = entropy;
        _root = new Interval(Round(start), Round(end), null, isLeft: false);
        RootSeed = SeedSequence.Generate(entropy, [], PoolSize, 1)[0];
    }

    private uint RootSeed { get; }

    /// <summary>The path's increment from <paramref name="from"/> to <paramref name="to"/> (not before it).</summary>
    public Tensor Increment(double from, double to)
    {
        using var scope = new TensorScope();
        from = Math.Clamp(Round(from), _root.Start, _root.End);
        to = Math.Clamp(Round(to), _root.Start, _root.End);
        if (from == to)
        {
            return scope.Keep(Tensor.Zeros(_shape));
        }
        var parts = new List<Interval>();
        Locate(from, to, parts);

        var known = new Dictionary<Interval, Tensor>();
        var sum = Increment(parts[0], known);
        foreach (var part in parts.Skip(1))
        {
            sum += Increment(part, known);
        }
        return scope.Keep(sum);
    }

    /// <summary>The intervals, existing or made for it, that tile a question in order.</summary>
    private void Locate(double from, double to, List<Interval> parts)
    {
        var pending = new Stack<(Interval Interval, double From, double To)>();
        pending.Push((_root, from, to));
        while (pending.TryPop(out var question))
        {
            var (interval, start, end) = question;
            if (start == interval.Start && end == interval.End)
            {
                parts.Add(interval);
                continue;
            }
            if (interval.Left is null)
            {
                Split(interval, start == interval.Start ? end : start);
            }
            if (end <= interval.Middle)
            {
                pending.Push((interval.Left!, start, end));
            }
            else if (start >= interval.Middle)
            {
                pending.Push((interval.Right!, start, end));
            }
            else
            {
                pending.Push((interval.Right!, interval.Middle, end));
                pending.Push((interval.Left!, start, interval.Middle));
            }
        }
    }

    /// <summary>Halves intervals until a boundary falls on <paramref name="point"/>.</summary>
    private void Split(Interval interval, double point)
    {
        while (true)
        {
            interval.Middle = Round(0.5 * (interval.End + interval.Start));
            interval.Seed = SeedSequence.Generate(_entropy, [interval.Key, interval.Depth], PoolSize, 4)[0];
            interval.Left = new Interval(interval.Start, interval.Middle, interval, isLeft: true);
            interval.Right = new Interval(interval.Middle, interval.End, interval, isLeft: false);
            if (point == interval.Middle)
            {
                return;
            }
            interval = point > interval.Middle ? interval.Right : interval.Left;
        }
    }

    private Tensor Increment(Interval interval, Dictionary<Interval, Tensor> known)
    {
        // From the nearest known ancestor down; the tree is some 25 levels deep.
        var path = new Stack<Interval>();
        var ancestor = interval;
        while (ancestor.Parent is not null && !known.ContainsKey(ancestor))
        {
            path.Push(ancestor);
            ancestor = ancestor.Parent;
        }
        if (!known.TryGetValue(ancestor, out var increment))
        {
            increment = Draw(RootSeed) * Math.Sqrt(_root.End - _root.Start);
            known.Add(ancestor, increment);
        }
        while (path.TryPop(out var child))
        {
            var parent = child.Parent!;
            var reciprocal = 1 / (parent.End - parent.Start);
            var (left, right) = (parent.Middle - parent.Start, parent.End - parent.Middle);
            var mean = increment * left * reciprocal;
            var leftIncrement = mean + (Draw(parent.Seed) * Math.Sqrt(left * right * reciprocal));
            increment = child.IsLeft ? leftIncrement : increment - leftIncrement;
            known.Add(child, increment);
        }
        return increment;
    }

    private Tensor Draw(uint seed)
    {
        using var generator = new Generator(seed);
        return Tensor.Randn(_shape, generator);
    }

    /// <summary>Python's <c>round(value, 6)</c>: the exact binary value, halves to even.</summary>
    private static double Round(double value)
    {
        // Six decimals can only tie exactly where the fraction is a multiple of 1/128, and then decimal is exact.
        return value * 128 == Math.Floor(value * 128)
            ? (double)Math.Round((decimal)value, 6, MidpointRounding.ToEven)
            : double.Parse(value.ToString("F6"));
    }

    private sealed class Interval(double start, double end, Interval? parent, bool isLeft)
    {
        public double Start => start;

        public double End => end;

        public Interval? Parent => parent;

        public bool IsLeft => isLeft;

        public ulong Key { get; } = parent is null ? 0 : (2 * parent.Key) + (isLeft ? 0UL : 1UL);

        public ulong Depth { get; } = parent is null ? 0 : parent.Depth + 1;

        public double Middle { get; set; }

        public uint Seed { get; set; }

        public Interval? Left { get; set; }

        public Interval? Right { get; set; }
    }
}
