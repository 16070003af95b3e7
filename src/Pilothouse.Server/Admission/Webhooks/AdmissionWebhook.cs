using System.Text.Json;
using Pilothouse.Objects;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Server.Admission;

/// <summary>One webhook of a configuration, ready to be called. Immutable; made when its configuration changes.</summary>
internal sealed class AdmissionWebhook
{
    // What the API's defaults say; they are in what is stored.
    private const int DefaultTimeoutSeconds = 10;

    public required string Name { get; init; }

    /// <summary>The name of the configuration that it is in.</summary>
    public required string Configuration { get; init; }

    /// <summary>Tells it from others of its name.</summary>
    public required string Uid { get; init; }

    public required MatchCriteria Criteria { get; init; }

    /// <summary>Further conditions, in CEL; null for none.</summary>
    public required IMatchConditions? Conditions { get; init; }

    /// <summary>When it cannot be asked, the request goes on.</summary>
    public required bool FailsOpen { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Calling it for a dry run does nothing that lasts.</summary>
    public required bool AllowsDryRun { get; init; }

    /// <summary>It wants to be asked again when others changed the object behind it.</summary>
    public required bool WantsReinvocation { get; init; }

    /// <summary>The first version of AdmissionReview that both know, <c>v1</c>; empty for none.</summary>
    public required string ReviewVersion { get; init; }

    /// <summary>How to call it; a failure when its clientConfig makes no sense.</summary>
    public required Outcome<WebhookClient> Client { get; init; }

    /// <summary>Reads a webhook of a stored configuration.</summary>
    public static AdmissionWebhook Read(
        JsonElement json, string configuration, string uid, Outcome<WebhookClient> client, IMatchConditions? conditions) => new()
    {
        Name = json.Text("name"),
        Configuration = configuration,
        Uid = uid,
        Criteria = MatchCriteria.OfWebhook(json),
        Conditions = conditions,
        FailsOpen = json.Text("failurePolicy") == "Ignore",
        Timeout = TimeSpan.FromSeconds(
            json.At("timeoutSeconds") is { ValueKind: JsonValueKind.Number } seconds ? seconds.GetInt32() : DefaultTimeoutSeconds),
        AllowsDryRun = json.Text("sideEffects") is "None" or "NoneOnDryRun",
        WantsReinvocation = json.Text("reinvocationPolicy") == "IfNeeded",
        ReviewVersion = json.Elements("admissionReviewVersions").Select(v => v.GetString() ?? "").FirstOrDefault(v => v is "v1" or "v1beta1", ""),
        Client = client,
    };
}
