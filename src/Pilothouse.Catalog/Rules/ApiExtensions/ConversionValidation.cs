using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>How objects of a definition get from one version to another: by nothing but their apiVersion, or by a webhook.</summary>
public static class ConversionValidation
{
    private const string None = "None";
    private const string Webhook = "Webhook";
    private const string OnlyForWebhooks = "should not be set when strategy is not set to Webhook";

    /// <summary>Whether the authorities of the conversion's webhook, if it names any, can be trusted.</summary>
    public static bool HasUsableBundle(JsonObject definition) => FaultOf(definition.Object("spec").Object("conversion")) is null;

    /// <summary>Whether a review's version is one that this server speaks.</summary>
    private static bool IsAccepted(string version) => version is "v1" or "v1beta1";

    /// <summary>Checks a conversion. Errors name its parts as upstream's internal type has them.</summary>
    /// <param name="conversion">The conversion; null for none.</param>
    /// <param name="options">What an update may leave as it is.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="errors">Gets the errors.</param>
    internal static void Validate(JsonObject? conversion, DefinitionOptions options, FieldPath path, FieldErrors errors)
    {
        if (conversion is null)
            return;
        var strategy = conversion.Word("strategy");
        if (strategy.Length == 0)
            errors.Required(path.Child("strategy"));
        else if (strategy is not (None or Webhook))
            errors.NotSupported(path.Child("strategy"), strategy, None, Webhook);
        var webhook = conversion.Object("webhook");
        var (config, versions) = (webhook.Object("clientConfig"), webhook.List("conversionReviewVersions"));
        var (configPath, versionsPath) = (path.Child("webhookClientConfig"), path.Child("conversionReviewVersions"));
        if (strategy != Webhook)
        {
            if (config is not null)
                errors.Forbidden(configPath, OnlyForWebhooks);
            if (versions is { Count: > 0 })
                errors.Forbidden(versionsPath, OnlyForWebhooks);
            return;
        }
        if (config is null)
        {
            errors.Required(configPath, "required when strategy is set to Webhook");
        }
        else
        {
            WebhookClientValidation.Validate(config, configPath, errors);
            if (!options.AllowInvalidBundle && FaultOf(conversion) is { } fault)
                errors.Invalid(configPath.Child("caBundle"), config.Word("caBundle"), fault);
        }
        ValidateReviewVersions(webhook, versions, options, versionsPath, errors);
    }

    /// <summary>Whether an old conversion names a version of reviews that is known, or none.</summary>
    internal static bool KnowsReviewVersion(JsonObject? conversion) =>
        conversion.Object("webhook").List("conversionReviewVersions") is not { Count: > 0 } versions || versions.Any(v => IsAccepted(v.AsText() ?? ""));

    /// <summary>What is wrong with the authorities; null when nothing is, or none are named.</summary>
    internal static string? FaultOf(JsonObject? conversion) =>
        CertificateBundle.Fault(conversion.Object("webhook").Object("clientConfig").Word("caBundle"));

    private static void ValidateReviewVersions(
        JsonObject? webhook, JsonArray? versions, DefinitionOptions options, FieldPath path, FieldErrors errors)
    {
        if (versions is not { Count: > 0 })
        {
            errors.Required(path);
            return;
        }
        var seen = new HashSet<string>();
        foreach (var (i, version) in webhook.Words("conversionReviewVersions"))
        {
            if (!seen.Add(version))
                errors.Invalid(path.Index(i), version, "duplicate version");
            else
                errors.InvalidEach(path.Index(i), version, NameFormats.Dns1035Label(version));
        }
        if (options.RequireKnownReviewVersion && !seen.Any(IsAccepted))
            errors.Invalid(path, GoJsonText.Show(versions), "must include at least one of v1, v1beta1");
    }
}
