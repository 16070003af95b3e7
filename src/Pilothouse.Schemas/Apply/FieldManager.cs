using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Keeps the account of who owns which field of the objects of one endpoint, and merges what is applied (KEP-555, server-side
/// apply; apimachinery's managedfields and structured-merge-diff's merge.Updater). Stateless.
/// </summary>
public sealed partial class FieldManager
{
    private const string BeforeFirstApply = "before-first-apply";
    private const string AncientChanges = "ancient-changes";

    /// <summary>How many managers of updates are kept apart; the oldest beyond them become one.</summary>
    private const int MaxUpdateManagers = 10;

    /// <summary>What nobody owns: what an object is called, and what only the server says of it.</summary>
    private static readonly FieldSet Unowned = FieldSet.OfFields(
        ["apiVersion"], ["kind"], ["metadata"], ["metadata", "name"], ["metadata", "namespace"], ["metadata", "creationTimestamp"],
        ["metadata", "selfLink"], ["metadata", "uid"], ["metadata", "clusterName"], ["metadata", "generation"],
        ["metadata", "managedFields"], ["metadata", "resourceVersion"]);

    public required GroupVersionKind Kind { get; init; }

    public required SchemaType Type { get; init; }

    /// <summary>Empty for the object itself.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>What the endpoint never changes; null for nothing.</summary>
    public FieldFilter? Filter { get; init; }

    /// <summary>The object's other versions; null when there is one only.</summary>
    public IObjectVersions? Versions { get; init; }

    private string ApiVersion => Kind.ApiVersion;

    /// <summary>Accounts for a new object.</summary>
    /// <param name="obj">In normal form, in this endpoint's version.</param>
    /// <param name="managed">What the client says of its managers; none mostly.</param>
    /// <param name="manager">Who creates it.</param>
    /// <param name="now">RFC 3339 in seconds.</param>
    public ManagedFields Create(JsonObject obj, ManagedFields managed, string manager, string now) =>
        Update([], obj, managed, manager, now, isCreate: true);

    /// <summary>Accounts for a change. Objects that nobody ever kept an account of stay as they are.</summary>
    /// <param name="live">The object as it was, in normal form, in this endpoint's version.</param>
    /// <param name="changed">The object as it is to be.</param>
    /// <param name="managed">Who owns what before the change.</param>
    /// <param name="manager">Who changes it.</param>
    /// <param name="now">RFC 3339 in seconds.</param>
    public ManagedFields Update(JsonObject live, JsonObject changed, ManagedFields managed, string manager, string now) =>
        Update(live, changed, managed, manager, now, isCreate: false);

    private ManagedFields Update(JsonObject live, JsonObject changed, ManagedFields managed, string manager, string now, bool isCreate)
    {
        if (managed.IsEmpty && !isCreate)
            return managed;
        var whole = ObjectComparison.OfObjects(live, changed, Type);
        var comparison = whole.Filtered(Filter);
        var comparisons = new Dictionary<string, ObjectComparison?>(StringComparer.Ordinal) { [ApiVersion] = comparison };
        var entries = new List<ManagedFieldsEntry>(managed.Entries.Count + 1);
        foreach (var entry in managed.Entries)
        {
            if (!comparisons.TryGetValue(entry.ApiVersion, out var theirs))
                comparisons.Add(entry.ApiVersion, theirs = CompareIn(entry.ApiVersion, live, changed));
            if (theirs is not null && Without(entry, theirs) is { } left)
                entries.Add(left);
        }
        return new(Capped(Credited(entries, comparison.Written, manager, now)));
    }

    /// <summary>The entries with what somebody wrote; nothing written, nothing changes.</summary>
    private List<ManagedFieldsEntry> Credited(List<ManagedFieldsEntry> entries, FieldSet written, string manager, string now)
    {
        var set = written.Difference(Unowned);
        if (set.IsEmpty)
            return entries;
        var mine = Entry(manager, applied: false, set, now);
        if (entries.FindIndex(e => e.IsOf(mine)) is var at and >= 0)
            entries[at] = mine.With(set.Union(Reconciled(entries[at])));
        else
            entries.Add(mine);
        return entries;
    }

    /// <summary>An entry without what was changed or removed; null when nothing is left of it.</summary>
    private ManagedFieldsEntry? Without(ManagedFieldsEntry entry, ObjectComparison comparison)
    {
        // Most changes touch few entries: those that are not touched are not even read.
        if (!FieldsV1.Touches(entry.Text.Span, comparison.Written) && !FieldsV1.Touches(entry.Text.Span, comparison.Removed))
            return entry;
        var before = Reconciled(entry);
        var set = before.Difference(comparison.Written).Difference(comparison.Removed);
        return set.IsEmpty ? null : ReferenceEquals(set, entry.Set) ? entry : entry.With(set);
    }

    private FieldSet Reconciled(ManagedFieldsEntry entry) =>
        entry.ApiVersion == ApiVersion ? entry.Set.MakeAtomic(new(Type)) : entry.Set;

    private ObjectComparison? CompareIn(string version, JsonObject live, JsonObject changed)
    {
        if (Versions is null || !Versions.TryConvert(changed, ApiVersion, version, out var after, out var type))
            return null;
        var before = live.Count == 0 ? live : Versions.TryConvert(live, ApiVersion, version, out var converted, out _) ? converted : null;
        return before is null ? null : ObjectComparison.OfObjects(before, after, type).Filtered(Filter);
    }

    private ManagedFieldsEntry Entry(string manager, bool applied, FieldSet set, string time) => new()
    {
        Manager = manager.Length > 0 ? manager : "unknown",
        Applied = applied,
        ApiVersion = ApiVersion,
        Subresource = Subresource,
        Time = time,
        Set = set,
    };

    /// <summary>Merges the oldest updates, version by version, until there are few enough.</summary>
    private static List<ManagedFieldsEntry> Capped(List<ManagedFieldsEntry> entries)
    {
        var count = entries.Count(e => !e.Applied);
        if (count <= MaxUpdateManagers)
            return entries;
        var oldestFirst = entries.Where(e => !e.Applied)
            .OrderBy(e => e.Time, StringComparer.Ordinal).ThenBy(e => e.Identifier, ByteOrder.Comparer).ToList();
        var firsts = new Dictionary<string, ManagedFieldsEntry>(StringComparer.Ordinal);
        foreach (var entry in oldestFirst)
        {
            if (count <= MaxUpdateManagers)
                break;
            if (!firsts.TryGetValue(entry.ApiVersion, out var first))
            {
                firsts.Add(entry.ApiVersion, entry);
                continue;
            }
            var bucket = new ManagedFieldsEntry
            {
                Manager = AncientChanges,
                Applied = false,
                ApiVersion = entry.ApiVersion,
                Set = FieldSet.Empty,
            };
            var at = entries.FindIndex(e => e.IsOf(bucket));
            if (at < 0)
                entries[at = entries.IndexOf(first)] = bucket.With(first.Set);
            entries[at] = bucket.With(entry.Set.Union(entries[at].Set), entry.Time);
            if (!entry.IsOf(bucket))
                entries.Remove(entry);
            count--;
        }
        return entries;
    }
}
