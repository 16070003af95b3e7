using System.Text.Json.Nodes;

namespace Pilothouse.Catalog;

/// <summary>Events of events.k8s.io/v1, which are stored as those of the core group: the same under other names.</summary>
internal sealed class EventConverter : IVersionConverter
{
    private static readonly (string Served, string Stored)[] Names =
    [
        ("regarding", "involvedObject"),
        ("note", "message"),
        ("reportingController", "reportingComponent"),
        ("deprecatedSource", "source"),
        ("deprecatedFirstTimestamp", "firstTimestamp"),
        ("deprecatedLastTimestamp", "lastTimestamp"),
        ("deprecatedCount", "count"),
    ];

    public void ToStored(JsonObject obj)
    {
        foreach (var (served, stored) in Names)
            Rename(obj, served, stored);
        obj["apiVersion"] = "v1";
    }

    public void ToServed(JsonObject obj)
    {
        foreach (var (served, stored) in Names)
            Rename(obj, stored, served);
        obj["apiVersion"] = "events.k8s.io/v1";
    }

    private static void Rename(JsonObject obj, string from, string to)
    {
        if (obj.Remove(from, out var value))
            obj[to] = value;
    }
}
