using Newtonsoft.Json.Linq;

namespace NodeHost.Queue;

/// <summary>The keys of <c>extra_data</c> that only nodes may see.</summary>
internal static class JobSecrets
{
    private static readonly string[] Names = ["auth_token_comfy_org", "api_key_comfy_org"];

    /// <summary>What was sent without its secrets, and the secrets.</summary>
    public static (JObject ExtraData, JObject Secrets) Split(JObject extraData, JObject given)
    {
        var secrets = (JObject)given.DeepClone();
        if (!Names.Any(extraData.ContainsKey))
        {
            return (extraData, secrets);
        }
        var rest = (JObject)extraData.DeepClone();
        foreach (var name in Names.Where(rest.ContainsKey))
        {
            secrets[name] ??= rest[name]!.DeepClone();
            rest.Remove(name);
        }
        return (rest, secrets);
    }
}
