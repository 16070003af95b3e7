using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Auditing;

/// <summary>An event in the old text form (<c>--audit-log-format=legacy</c>), which says little.</summary>
internal static class AuditLegacyLine
{
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json)
    {
        var auditEvent = (JsonObject)JsonNodes.Parse(json.Span)!;
        var user = auditEvent.Object("user");
        var impersonated = auditEvent.Object("impersonatedUser");
        var code = auditEvent.Object("responseStatus")?.Integer("code");
        return Encoding.UTF8.GetBytes(
            $"{auditEvent.Text("requestReceivedTimestamp")} AUDIT: id={Quote(auditEvent.Text("auditID"))} stage={Quote(auditEvent.Text("stage"))} "
            + $"ip={Quote(auditEvent.List("sourceIPs") is [var address, ..] ? address.AsText() : "<unknown>")} method={Quote(auditEvent.Text("verb"))} "
            + $"user={Quote(user?.Text("username") ?? "<none>")} groups={Groups(user)} as={Quote(impersonated?.Text("username") ?? "<self>")} "
            + $"asgroups={(impersonated is null ? Quote("<lookup>") : Groups(impersonated))} "
            + $"user-agent={Quote(auditEvent.Text("userAgent"))} namespace={Quote(auditEvent.Object("objectRef")?.Text("namespace") ?? "<none>")} "
            + $"uri={Quote(auditEvent.Text("requestURI"))} response={Quote(code?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "<deferred>")}");
    }

    private static string Groups(JsonObject? user) =>
        user.List("groups") is { Count: > 0 } groups ? Quote(string.Join(',', groups.Select(g => Quote(g.AsText())))) : Quote("<none>");

    private static string Quote(string? text) => GoText.Quote(text ?? "");
}
