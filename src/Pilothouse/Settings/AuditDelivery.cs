using Pilothouse.Server.Auditing;

namespace Pilothouse.Settings;

/// <summary>How events get to a backend.</summary>
internal sealed record AuditDelivery
{
    /// <summary>Null: each event is put before the request goes on.</summary>
    public required AuditBatchOptions? Batches { get; init; }

    /// <summary>A request whose first event cannot be put is refused.</summary>
    public required bool Strict { get; init; }

    /// <summary>Bytes of an event beyond which its objects are left out; null for no limit.</summary>
    public required int? MaxEventSize { get; init; }
}
