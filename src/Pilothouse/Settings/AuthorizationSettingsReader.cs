using Pilothouse.Flags;
using Pilothouse.Objects;

namespace Pilothouse.Settings;

/// <summary>Reads and checks the <c>--authorization-…</c> flags.</summary>
internal static class AuthorizationSettingsReader
{
    private static readonly string[] Known = ["AlwaysAllow", "AlwaysDeny", "ABAC", "Webhook", "RBAC", "Node"];

    private static readonly string[] ByModes =
    [
        "authorization-mode", "authorization-policy-file", "authorization-webhook-config-file", "authorization-webhook-version",
        "authorization-webhook-cache-authorized-ttl", "authorization-webhook-cache-unauthorized-ttl",
    ];

    /// <param name="flags">What was given.</param>
    /// <param name="faults">Gets what is wrong.</param>
    public static AuthorizationSettings Read(FlagValues flags, List<string> faults)
    {
        var settings = new AuthorizationSettings
        {
            Modes = Modes(flags, faults),
            PolicyFile = flags.String("authorization-policy-file"),
            WebhookFile = flags.String("authorization-webhook-config-file"),
            WebhookVersion = flags.String("authorization-webhook-version"),
            WebhookAuthorizedTimeToLive = flags.Duration("authorization-webhook-cache-authorized-ttl"),
            WebhookUnauthorizedTimeToLive = flags.Duration("authorization-webhook-cache-unauthorized-ttl"),
            ConfigurationFile = flags.String("authorization-config"),
        };
        if (settings.ConfigurationFile.Length > 0)
        {
            foreach (var flag in ByModes.Where(flags.IsGiven))
                faults.Add($"--authorization-config can not be specified when --{flag} is");
            CheckFile("authorization-config", settings.ConfigurationFile, faults);
            return settings;
        }
        CheckFor("ABAC", "policy", "authorization-policy-file", settings.PolicyFile, settings, faults);
        CheckFor("Webhook", "config", "authorization-webhook-config-file", settings.WebhookFile, settings, faults);
        if (settings.WebhookVersion is not ("v1" or "v1beta1"))
            faults.Add($"--authorization-webhook-version: {GoText.Quote(settings.WebhookVersion)} is not supported; it can be v1 or v1beta1");
        return settings;
    }

    private static List<string> Modes(FlagValues flags, List<string> faults)
    {
        var modes = flags.List("authorization-mode");
        if (modes.Count == 0)
            return ["Node", "RBAC"];
        foreach (var mode in modes.Where(m => !Known.Contains(m)))
            faults.Add($"authorization-mode {GoText.Quote(mode)} is not a valid mode");
        if (modes.Distinct().Count() != modes.Count)
            faults.Add($"authorization-mode {GoText.Quote(string.Join(',', modes))} has mode specified more than once");
        return [.. modes];
    }

    private static void CheckFor(string mode, string what, string flag, string file, AuthorizationSettings settings, List<string> faults)
    {
        var wanted = settings.Modes.Contains(mode);
        if (wanted && file.Length == 0)
            faults.Add($"authorization-mode {mode}'s authorization {what} file not passed: give --{flag}");
        else if (!wanted && file.Length > 0)
            faults.Add($"cannot specify --{flag} without mode {mode}");
        else
            CheckFile(flag, file, faults);
    }

    private static void CheckFile(string flag, string file, List<string> faults)
    {
        if (file.Length > 0 && !File.Exists(file))
            faults.Add($"--{flag}: there is no file {file}");
    }
}
