using System.Numerics;

namespace NodeHost.Graph.Catalogue;

/// <summary>Which socket name a C# type has. The primitive ones are here; the host adds its own (<c>Latent</c> = <c>LATENT</c>).</summary>
public sealed class SocketTypes
{
    /// <summary>The socket that connects to everything.</summary>
    public const string Any = "*";

    private readonly Dictionary<Type, string> _names = new()
    {
        [typeof(int)] = "INT",
        [typeof(long)] = "INT",
        [typeof(ulong)] = "INT",
        [typeof(BigInteger)] = "INT",
        [typeof(float)] = "FLOAT",
        [typeof(double)] = "FLOAT",
        [typeof(string)] = "STRING",
        [typeof(bool)] = "BOOLEAN",
        [typeof(object)] = Any,
    };

    public SocketTypes Add<T>(string name) => Add(typeof(T), name);

    public SocketTypes Add(Type type, string name)
    {
        if (!_names.TryAdd(type, name))
        {
            throw new ArgumentException(
                $"{type.Name} is already the socket type {_names[type]}; cannot be {name} too."
            );
        }
        return this;
    }

    public string? Find(Type type) => _names.GetValueOrDefault(type);
}
