using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <content>Server-side apply.</content>
public sealed partial class FieldManager
{
    /// <summary>The manager whose objects were applied by the client before, and remember that in an annotation.</summary>
    private const string Kubectl = "kubectl";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Applies a document.</summary>
    /// <param name="live">The object as it is written, in this endpoint's version, without managedFields.</param>
    /// <param name="document">What is applied, as it was sent.</param>
    /// <param name="managed">Who owns what of the object.</param>
    /// <param name="manager">Who applies.</param>
    /// <param name="force">Take what others own.</param>
    /// <param name="now">RFC 3339 in seconds.</param>
    public Outcome<AppliedObject> Apply(
        JsonObject live, JsonObject document, ManagedFields managed, string manager, bool force, string now)
    {
        var given = KindOf(document);
        if (given != Kind)
            return Status.BadRequest($"invalid object type: {Print(given)}");
        if (document.Object("metadata")?.TryGetPropertyValue("managedFields", out var theirs) == true && theirs is not null)
            return Status.BadRequest("metadata.managedFields must be nil");
        if (DocumentValidation.Check(document, Type) is { } fault)
        {
            var metadata = document.Object("metadata");
            return new Status
            {
                Code = 500,
                Message = $"failed to create typed patch object ({metadata?.Text("namespace")}/{metadata?.Text("name")}; {Print(Kind)}): {fault}",
            };
        }
        if (managed.IsEmpty)
            managed = Found(live, now);

        var attempt = TryApply(live, document, managed, manager, force, now);
        if (attempt.Conflicts.Count > 0 && manager == Kubectl && AppliedBefore(live) is { } before)
        {
            // What the client applied and nobody changed since is the client's, whatever the account says.
            attempt.Conflicts.RemoveAll(c => c.Set.Difference(before).IsEmpty);
            if (attempt.Conflicts.Count == 0)
                attempt = TryApply(live, document, managed, manager, force: true, now);
            else
                attempt.Conflicts = [.. attempt.Conflicts.Select(c => (c.Entry, c.Set.Difference(before)))];
        }
        return attempt.Conflicts.Count > 0 ? ConflictStatus(attempt.Conflicts) : attempt.Result!;
    }

    /// <summary>
    /// Merges a document into an object, for those who keep no account (a policy's apply configuration); the failure says what is
    /// wrong with the document.
    /// </summary>
    /// <param name="obj">In normal form; not edited.</param>
    /// <param name="document">What is applied, without what is not to change.</param>
    /// <param name="type">The type of both.</param>
    public static Outcome<JsonObject> Merge(JsonObject obj, JsonObject document, SchemaType type)
    {
        if (DocumentValidation.Check(document, type) is { } fault)
            return Status.BadRequest(fault);
        var merged = Written(obj, type);
        DocumentMerge.Merge(merged, document, type);
        return Decoded(merged, type);
    }

    /// <summary>An object as it is written: the tree of its canonical bytes.</summary>
    public static JsonObject Written(JsonObject obj, SchemaType type) =>
        (JsonObject)JsonNodes.Parse(SchemaEncoder.Encode(obj, type))!;

    /// <summary>A merged document read against its schema, into normal form.</summary>
    public static Outcome<JsonObject> Decoded(JsonObject document, SchemaType type)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = 2 * GoJson.MaxDepth, SkipValidation = true }))
            document.WriteTo(writer);
        return SchemaDecoder.Decode(output.WrittenSpan, type).TryGet(out var decoded, out var failure) ? decoded.Json : failure;
    }

    private Attempt TryApply(JsonObject live, JsonObject document, ManagedFields managed, string manager, bool force, string now)
    {
        var mine = Entry(manager, applied: true, Filtered(AppliedFields.Of(document, Type)), "");
        var before = managed.Entries.FirstOrDefault(e => e.IsOf(mine));

        // 1. Merge, and take away what this manager applied last time, did not now, and nobody else claims.
        var merged = (JsonObject)live.DeepClone();
        DocumentMerge.Merge(merged, document, Type);
        List<ManagedFieldsEntry> others = [.. managed.Entries.Where(e => !e.IsOf(mine) && Knows(e.ApiVersion))];
        if (before is not null && !before.Set.IsEmpty)
            merged = Pruned(merged, [mine, .. others], mine, before);

        // 2. Whose fields did that change?
        var changed = !ValueEquality.Same(live, merged);
        var conflicts = new List<(ManagedFieldsEntry, FieldSet)>();
        if (changed)
        {
            var comparisons = new Dictionary<string, ObjectComparison?>(StringComparer.Ordinal)
            {
                [ApiVersion] = ObjectComparison.OfDocuments(live, merged, Type).Filtered(Filter),
            };
            for (var i = others.Count - 1; i >= 0; i--)
            {
                var other = others[i];
                if (!comparisons.TryGetValue(other.ApiVersion, out var comparison))
                    comparisons.Add(other.ApiVersion, comparison = CompareDocumentsIn(other.ApiVersion, live, merged));
                if (comparison is null)
                {
                    others.RemoveAt(i);
                    continue;
                }
                var set = Reconciled(other);
                if (set.Intersection(comparison.Written) is { IsEmpty: false } taken)
                    conflicts.Add((other, taken));
                if (Without(other, comparison) is { } left)
                    others[i] = left;
                else
                    others.RemoveAt(i);
            }
        }
        if (conflicts.Count > 0 && !force)
            return new() { Conflicts = conflicts };

        // 3. The account. The time moves only with the object.
        var owned = mine.Set.Difference(Unowned);
        if (!owned.IsEmpty)
            others.Add(mine.With(owned, changed ? now : before?.Time ?? ""));
        return new() { Result = new(changed ? merged : null, new(others)) };
    }

    /// <summary>The account of an object that has none: all that is there was there before the first apply.</summary>
    private ManagedFields Found(JsonObject live, string now)
    {
        var comparison = ObjectComparison.OfDocuments(Written([], Type), live, Type).Filtered(Filter);
        return new(Credited([], comparison.Written, BeforeFirstApply, now));
    }

    private FieldSet Filtered(FieldSet set) => Filter is null ? set : Filter.Apply(set);

    /// <summary>
    /// The merged object without what the manager gave up. What goes is found in three steps, as upstream's prune does: all that it
    /// applied last time; but not what anybody owns, nor what lies in it unowned; and of that again only what it had applied.
    /// </summary>
    private JsonObject Pruned(JsonObject merged, List<ManagedFieldsEntry> entries, ManagedFieldsEntry mine, ManagedFieldsEntry before)
    {
        var last = Reconciled(before);
        if (before.ApiVersion == ApiVersion && last.IsWithin(mine.Set.Union(Unowned)))
            return merged;
        if (!TryConvert(merged, ApiVersion, before.ApiVersion, out var whole, out var type))
            return merged;
        var lastNamed = last.WithNamedFields(new(type));
        var pruned = ItemRemoval.Remove(whole, lastNamed, type);

        var (current, version) = (whole, before.ApiVersion);
        foreach (var group in entries.GroupBy(e => e.ApiVersion).OrderBy(g => g.Key == before.ApiVersion ? 0 : 1))
        {
            if (!TryConvert(current, version, group.Key, out var there, out var itsType)
                || !TryConvert(pruned, version, group.Key, out var prunedThere, out _))
            {
                continue;
            }
            var managed = group.Aggregate(FieldSet.Empty, (set, entry) => set.Union(entry.Set)).WithNamedFields(new(itsType));
            var kept = AppliedFields.Of(prunedThere, itsType).WithNamedFields(new(itsType)).Union(managed);
            pruned = ItemRemoval.Remove(there, AppliedFields.Of(there, itsType).WithNamedFields(new(itsType)).Difference(kept), itsType);
            (current, version) = (there, group.Key);
        }
        if (!TryConvert(pruned, version, before.ApiVersion, out var prunedBefore, out _))
            return merged;
        var gone = AppliedFields.Of(whole, type).WithNamedFields(new(type))
            .Difference(AppliedFields.Of(prunedBefore, type).WithNamedFields(new(type)))
            .Intersection(lastNamed);
        var result = ItemRemoval.Remove(whole, gone, type);
        return TryConvert(result, before.ApiVersion, ApiVersion, out var back, out _) ? back : merged;
    }

    private bool Knows(string version) => version == ApiVersion || Versions?.TryConvert([], ApiVersion, version, out _, out _) == true;

    private ObjectComparison? CompareDocumentsIn(string version, JsonObject live, JsonObject merged) =>
        TryConvert(live, ApiVersion, version, out var before, out var type) && TryConvert(merged, ApiVersion, version, out var after, out _)
            ? ObjectComparison.OfDocuments(before, after, type).Filtered(Filter)
            : null;

    /// <summary>Converts a document as it is written.</summary>
    private bool TryConvert(JsonObject document, string from, string to, out JsonObject converted, out SchemaType type)
    {
        (converted, type) = (document, Type);
        if (from == to)
            return from == ApiVersion || (Versions?.TryConvert([], ApiVersion, to, out _, out var known) == true && (type = known) is not null);
        if (Versions is null || !Versions.TryConvert([], from, from, out _, out var fromType)
            || !Decoded(document, fromType).TryGet(out var obj, out _)
            || !Versions.TryConvert(obj, from, to, out var made, out var toType))
        {
            return false;
        }
        (converted, type) = (Written(made, toType), toType);
        return true;
    }

    /// <summary>The fields of the client-side apply's last document that still are as it said; null when there is no such document.</summary>
    private FieldSet? AppliedBefore(JsonObject live)
    {
        if (live.Object("metadata").Object("annotations")?.Text(LastApplied) is not { Length: > 0 } text)
            return null;
        JsonObject? last;
        try
        {
            last = JsonNode.Parse(text, documentOptions: new() { MaxDepth = GoJson.MaxDepth, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
        if (last is null || last.Text("apiVersion") != ApiVersion || DocumentValidation.Check(last, Type) is not null)
            return null;
        var comparison = ObjectComparison.OfDocuments(last, live, Type);
        return AppliedFields.Of(last, Type).Difference(comparison.Modified).Difference(comparison.Added).Difference(comparison.Removed);
    }

    private static Status ConflictStatus(List<(ManagedFieldsEntry Entry, FieldSet Set)> conflicts)
    {
        var byManager = conflicts.OrderBy(c => c.Entry.Identifier, ByteOrder.Comparer)
            .Select(c => (Manager: c.Entry.Describe(), Paths: c.Set.Paths().ToList())).ToList();
        var count = byManager.Sum(m => m.Paths.Count);
        var message = count == 1
            ? $"Apply failed with 1 conflict: conflict with {byManager[0].Manager}: {byManager[0].Paths[0]}"
            : $"Apply failed with {count} conflicts: "
                + string.Join('\n', byManager.Select(m => $"conflicts with {m.Manager}:\n{string.Join('\n', m.Paths.Select(p => "- " + p))}"));
        return new()
        {
            Code = 409,
            Reason = "Conflict",
            Message = message,
            Details = new()
            {
                Causes = [.. byManager.SelectMany(m => m.Paths.Select(p => new StatusCause("FieldManagerConflict", $"conflict with {m.Manager}", p)))],
            },
        };
    }

    private static GroupVersionKind KindOf(JsonObject document)
    {
        var meta = new TypeMeta(document.Text("apiVersion") ?? "", document.Text("kind") ?? "");
        return new(meta.Group, meta.Version, meta.Kind);
    }

    private static string Print(GroupVersionKind kind) =>
        $"{(kind.Group.Length > 0 ? kind.Group : "")}/{kind.Version}, Kind={kind.Kind}";

    private struct Attempt()
    {
        public AppliedObject? Result { get; init; }

        public List<(ManagedFieldsEntry Entry, FieldSet Set)> Conflicts { get; set; } = [];
    }
}
