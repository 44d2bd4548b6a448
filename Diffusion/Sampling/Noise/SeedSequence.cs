namespace NodeHost.Diffusion.Sampling.Noise;

/// <summary>
/// M. E. O'Neill's seed_seq_fe hash (https://www.pcg-random.org/posts/developing-a-seed_seq-alternative.html) as numpy's
/// SeedSequence uses it: well mixed 32-bit words from a seed and a path of spawn keys.
/// </summary>
internal static class SeedSequence
{
    private const uint InitA = 0x43b0d7e5;
    private const uint MultiplierA = 0x931e8875;
    private const uint InitB = 0x8b51f9dd;
    private const uint MultiplierB = 0x58f38ded;
    private const uint MixLeft = 0xca01f9dd;
    private const uint MixRight = 0x4973f715;

    /// <summary>The first words of the sequence.</summary>
    /// <param name="entropy">The seed.</param>
    /// <param name="spawnKey">Path of keys below the seed; empty for the root.</param>
    /// <param name="poolSize">Words of state.</param>
    /// <param name="count">Words to give.</param>
    public static uint[] Generate(ulong entropy, ReadOnlySpan<ulong> spawnKey, int poolSize, int count)
    {
        var words = new List<uint>();
        AddWords(words, entropy);
        if (!spawnKey.IsEmpty)
        {
            // Padding keeps (seed, key) from colliding with a longer seed without key.
            while (words.Count < poolSize)
            {
                words.Add(0);
            }
            foreach (var key in spawnKey)
            {
                AddWords(words, key);
            }
        }
        return Draw(Mix(words, poolSize), count);
    }

    private static void AddWords(List<uint> words, ulong value)
    {
        do
        {
            words.Add((uint)value);
            value >>= 32;
        } while (value != 0);
    }

    private static uint[] Mix(List<uint> words, int poolSize)
    {
        var pool = new uint[poolSize];
        var constant = InitA;
        for (var index = 0; index < poolSize; index++)
        {
            pool[index] = Hash(index < words.Count ? words[index] : 0, ref constant);
        }
        for (var source = 0; source < poolSize; source++)
        {
            for (var target = 0; target < poolSize; target++)
            {
                if (source != target)
                {
                    pool[target] = Combine(pool[target], Hash(pool[source], ref constant));
                }
            }
        }
        for (var source = poolSize; source < words.Count; source++)
        {
            for (var target = 0; target < poolSize; target++)
            {
                pool[target] = Combine(pool[target], Hash(words[source], ref constant));
            }
        }
        return pool;
    }

    private static uint[] Draw(uint[] pool, int count)
    {
        var state = new uint[count];
        var constant = InitB;
        for (var index = 0; index < count; index++)
        {
            var value = pool[index % pool.Length] ^ constant;
            constant *= MultiplierB;
            value *= constant;
            state[index] = value ^ (value >> 16);
        }
        return state;
    }

    private static uint Hash(uint value, ref uint constant)
    {
        value ^= constant;
        constant *= MultiplierA;
        value *= constant;
        return value ^ (value >> 16);
    }

    private static uint Combine(uint x, uint y)
    {
        var result = (MixLeft * x) - (MixRight * y);
        return result ^ (result >> 16);
    }
}
