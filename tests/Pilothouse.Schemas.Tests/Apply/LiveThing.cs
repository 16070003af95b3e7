using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas.Tests;

/// <summary>One object through a life of applies and updates; it is kept in v1, and shown without kind and apiVersion.</summary>
internal sealed class LiveThing
{
    private int _second;

    public JsonObject Object { get; private set; } = [];

    public ManagedFields Managed { get; private set; } = ManagedFields.None;

    /// <summary>Whether the last apply changed anything.</summary>
    public bool Changed { get; private set; }

    /// <summary>Applies; the failure when it is refused.</summary>
    public Status? Apply(string manager, string json, bool force = false, string version = "v1")
    {
        var document = Things.Parse(json);
        document["apiVersion"] = "t/" + version;
        document["kind"] = "Thing";
        var fields = Things.Fields(version);
        var live = FieldManager.Written(In(Object, version), fields.Type);
        if (!fields.Apply(live, document, Managed, manager, force, Now()).TryGet(out var applied, out var failure))
            return failure;
        Changed = applied.Document is not null;
        if (applied.Document is not null)
            Object = Back(FieldManager.Decoded(applied.Document, fields.Type).Value, version);
        Managed = applied.Managed;
        return null;
    }

    public void Update(string manager, string json)
    {
        var next = Things.Normal(json);
        next["apiVersion"] = "t/v1";
        next["kind"] = "Thing";
        Managed = Object.Count == 0
            ? Things.Fields().Create(next, Managed, manager, Now())
            : Things.Fields().Update(Object, next, Managed, manager, Now());
        Object = next;
    }

    public string Shown
    {
        get
        {
            var shown = FieldManager.Written(Object, Things.V1);
            foreach (var name in (string[])["kind", "apiVersion", "metadata"])
                shown.Remove(name);
            return shown.ToJsonString();
        }
    }

    /// <summary>What a manager owns, a path a line; null when it owns nothing.</summary>
    public string? Owned(string manager) =>
        Managed.Entries.FirstOrDefault(e => e.Manager == manager)?.Set.Paths().Order(StringComparer.Ordinal) is { } paths ? string.Join(' ', paths) : null;

    private string Now() => $"2026-01-01T00:00:{_second++:00}Z";

    private static JsonObject In(JsonObject obj, string version)
    {
        Things.Fields().Versions!.TryConvert(obj, "t/v1", "t/" + version, out var converted, out _);
        return converted!;
    }

    private static JsonObject Back(JsonObject obj, string version)
    {
        Things.Fields().Versions!.TryConvert(obj, "t/" + version, "t/v1", out var converted, out _);
        return converted!;
    }
}
