using System.CommandLine;

namespace NodeHost.Cli.Flags;

/// <summary>Makes options.</summary>
internal static class Flag
{
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    public static Option<T?> Value<T>(string name, string placeholder, string description) =>
        new(name) { Description = description, HelpName = placeholder };

    public static Option<string?> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', choices) };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }

    /// <summary>An option that may stand without a value.</summary>
    public static Option<string?> Optional(string name, string placeholder, string description) =>
        new(name)
        {
            Description = description,
            HelpName = placeholder,
            Arity = ArgumentArity.ZeroOrOne,
        };

    /// <summary>An option that takes several values and may be repeated.</summary>
    public static Option<string[]> Several(string name, string placeholder, string description) =>
        new(name)
        {
            Description = description,
            HelpName = placeholder,
            AllowMultipleArgumentsPerToken = true,
        };

    /// <summary>A whole number of at least <paramref name="minimum"/>.</summary>
    public static Option<long?> Number(string name, string placeholder, string description, long minimum = 1)
    {
        var option = Value<long?>(name, placeholder, description);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && long.TryParse(result.Tokens[0].Value, out var number) && number < minimum)
            {
                result.AddError($"{name}: expected a number of at least {minimum}, given {number}.");
            }
        });
        return option;
    }

    public static bool IsGiven(this ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Implicit: false };
}
