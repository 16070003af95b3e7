using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Resources that may be used only where some quota covers them (ResourceQuotaConfiguration).</summary>
internal sealed record QuotaSettings(IReadOnlyList<QuotaSettings.LimitedResource> Limited)
{
    /// <exception cref="AdmissionConfigurationException">It is no ResourceQuotaConfiguration.</exception>
    public static QuotaSettings Read(AdmissionConfiguration configuration)
    {
        if (!configuration.TryGet("ResourceQuota", out var json))
            return new([]);
        // Before it was in apiserver.config.k8s.io it was called Configuration.
        if (json.Text("kind") is not ("ResourceQuotaConfiguration" or "Configuration"))
            throw new AdmissionConfigurationException("ResourceQuota: expected a ResourceQuotaConfiguration of apiserver.config.k8s.io/v1");
        return new([.. json.Objects("limitedResources").Select(Read)]);
    }

    private static LimitedResource Read(JsonObject json) => new(
        new(json.Text("apiGroup") ?? "", json.Text("resource") ?? ""),
        [.. (json.List("matchContains") ?? []).Select(m => m.AsText() ?? "")],
        [
            .. json.Objects("matchScopes").Select(s => new QuotaScope(
                s.Text("scopeName") ?? "", s.Text("operator") ?? "", [.. (s.List("values") ?? []).Select(v => v.AsText() ?? "")])),
        ]);

    /// <param name="Resource">Objects of this resource …</param>
    /// <param name="MatchContains">… that use something whose name contains one of these …</param>
    /// <param name="MatchScopes">… or are in one of these scopes need a quota.</param>
    internal sealed record LimitedResource(GroupResource Resource, IReadOnlyList<string> MatchContains, IReadOnlyList<QuotaScope> MatchScopes);
}
