using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>Who owns what of an object: its <c>metadata.managedFields</c>, read. Immutable.</summary>
public sealed class ManagedFields
{
    public static ManagedFields None { get; } = new([]);

    public ManagedFields(IReadOnlyList<ManagedFieldsEntry> entries) => Entries = entries;

    public IReadOnlyList<ManagedFieldsEntry> Entries { get; }

    public bool IsEmpty => Entries.Count == 0;

    /// <summary>Those of an object's metadata; none when it has none.</summary>
    public static Outcome<ManagedFields> Of(JsonObject metadata) => Read(metadata.List("managedFields"));

    /// <summary>Reads a list of entries; of entries of one manager the last counts.</summary>
    public static Outcome<ManagedFields> Read(JsonArray? list)
    {
        if (list is null or { Count: 0 })
            return None;
        var entries = new List<ManagedFieldsEntry>(list.Count);
        for (var i = 0; i < list.Count; i++)
        {
            var item = list[i] as JsonObject ?? [];
            var operation = item.Text("operation");
            if (operation is not ("Apply" or "Update"))
                return Status.BadRequest("operation must be `Apply` or `Update`");
            var apiVersion = item.Text("apiVersion") ?? "";
            if (apiVersion.Length == 0)
                return Status.BadRequest("apiVersion must not be empty");
            var fieldsType = item.Text("fieldsType") ?? "";
            if (fieldsType.Length == 0)
                return Status.BadRequest($"missing fieldsType in managed fields entry {i}");
            if (fieldsType != "FieldsV1")
                return Status.BadRequest($"invalid fieldsType {GoText.Quote(fieldsType)} in managed fields entry {i}");
            var text = item.TryGetPropertyValue("fieldsV1", out var fields) && fields is not null ? RawJson.BytesOf(fields) : "{}"u8.ToArray();
            var entry = new ManagedFieldsEntry
            {
                Manager = item.Text("manager") ?? "",
                Applied = operation == "Apply",
                ApiVersion = apiVersion,
                Time = item.Text("time") ?? "",
                Subresource = item.Text("subresource") ?? "",
                Text = text,
            };
            if (entries.FindIndex(e => e.IsOf(entry)) is var known and >= 0)
                entries[known] = entry;
            else
                entries.Add(entry);
        }
        return new ManagedFields(entries);
    }

    /// <summary>The same read from a client's hands: the sets are checked, and come out in their canonical form.</summary>
    public static Outcome<ManagedFields> ReadChecked(JsonArray? list)
    {
        if (!Read(list).TryGet(out var managed, out var failure))
            return failure;
        var entries = new List<ManagedFieldsEntry>(managed.Entries.Count);
        foreach (var entry in managed.Entries)
        {
            if (!FieldsV1.Read(entry.Text.Span).TryGet(out var set, out failure))
                return Status.BadRequest($"error decoding set: {failure.Message}");
            entries.Add(entry.With(set));
        }
        return new ManagedFields(entries);
    }

    /// <summary>Whether a list says that ownership is to be forgotten: it is empty, or its one entry is.</summary>
    public static bool IsReset(JsonArray? list) =>
        list is { Count: 0 } or [null or JsonObject { Count: 0 }];

    /// <summary>Puts them into an object's metadata; nothing there when there are none.</summary>
    public void WriteTo(JsonObject metadata)
    {
        metadata.Remove("managedFields");
        if (IsEmpty)
            return;
        var list = new JsonArray();
        foreach (var entry in Entries.Order(Comparer<ManagedFieldsEntry>.Create(ManagedFieldsEntry.Compare)))
        {
            var item = new JsonObject();
            Put(item, "manager", entry.Manager);
            item["operation"] = entry.Operation;
            item["apiVersion"] = entry.ApiVersion;
            Put(item, "time", entry.Time);
            item["fieldsType"] = "FieldsV1";
            item["fieldsV1"] = RawJson.ToNode(entry.Text);
            Put(item, "subresource", entry.Subresource);
            list.Add((JsonNode)item);
        }
        metadata["managedFields"] = list;
    }

    /// <summary>
    /// Whether they say the same as others but for some times: an object that is otherwise unchanged then keeps the old ones, so
    /// that doing nothing is not a change.
    /// </summary>
    public bool DifferInTimesOnly(ManagedFields old)
    {
        if (Entries.Count != old.Entries.Count || IsEmpty)
            return false;
        var moved = false;
        foreach (var entry in Entries)
        {
            if (old.Entries.FirstOrDefault(e => e.IsOf(entry)) is not { } before || !entry.SaysSame(before))
                return false;
            moved |= entry.Time != before.Time;
        }
        return moved;
    }

    private static void Put(JsonObject item, string name, string value)
    {
        if (value.Length > 0)
            item[name] = value;
    }
}
