using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>How the image policy webhook is asked. Its file never had a kind; numbers are seconds, the backoff's milliseconds.</summary>
internal sealed record ImagePolicySettings
{
    /// <summary>Where the webhook is; empty: nobody is asked.</summary>
    public string KubeconfigFile { get; init; } = "";

    /// <summary>How long "yes" is believed.</summary>
    public TimeSpan AllowTtl { get; init; }

    public TimeSpan DenyTtl { get; init; }

    public TimeSpan RetryBackoff { get; init; }

    /// <summary>When nobody answers, images are let in.</summary>
    public bool DefaultAllow { get; init; }

    /// <exception cref="AdmissionConfigurationException">A number is out of its bounds.</exception>
    public static ImagePolicySettings Read(AdmissionConfiguration configuration)
    {
        if (!configuration.TryGet("ImagePolicyWebhook", out var json) || json.Object("imagePolicy") is not { } policy)
            return new();
        return new()
        {
            KubeconfigFile = policy.Text("kubeConfigFile") ?? "",
            AllowTtl = Duration(policy, "allowTTL", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(5)),
            DenyTtl = Duration(policy, "denyTTL", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(30)),
            RetryBackoff = Duration(
                policy, "retryBackoff", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromMilliseconds(500)),
            DefaultAllow = policy.Flag("defaultAllow") ?? false,
        };
    }

    private static TimeSpan Duration(JsonObject policy, string name, TimeSpan unit, TimeSpan min, TimeSpan max, TimeSpan whenUnset)
    {
        // 0 is the default, -1 turns it off.
        var given = policy.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<long>(out var number) ? number : 0;
        if (given is 0 or -1)
            return given == 0 ? whenUnset : TimeSpan.Zero;
        var duration = unit * given;
        return duration >= min && duration <= max ? duration
            : throw new AdmissionConfigurationException($"ImagePolicyWebhook: {name}: valid value is between {min} and {max}, got {duration}");
    }
}
