using System.Diagnostics.Metrics;

namespace Pilothouse.Server.Auditing;

/// <summary>What happens to audit events, under upstream's names.</summary>
internal static class AuditMetrics
{
    private static readonly Meter s_meter = new("Pilothouse.Server.Auditing");
    private static readonly Counter<long> s_events = s_meter.CreateCounter<long>("apiserver_audit_event_total");
    private static readonly Counter<long> s_errors = s_meter.CreateCounter<long>("apiserver_audit_error_total");
    private static readonly Counter<long> s_levels = s_meter.CreateCounter<long>("apiserver_audit_level_total");
    private static readonly Counter<long> s_rejected = s_meter.CreateCounter<long>("apiserver_audit_requests_rejected_total");

    public static void Event() => s_events.Add(1);

    /// <summary>Events that a backend lost: its queue was full, or it could not write.</summary>
    public static void Lost(string backend, int count) => s_errors.Add(count, new KeyValuePair<string, object?>("plugin", backend));

    public static void Level(AuditLevel level) => s_levels.Add(1, new KeyValuePair<string, object?>("level", level.ToString()));

    /// <summary>A request was refused because it could not be audited.</summary>
    public static void Rejected() => s_rejected.Add(1);
}
