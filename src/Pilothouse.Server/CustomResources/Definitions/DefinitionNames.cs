using System.Text.Json.Nodes;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.CustomResources.Definitions;

/// <summary>The names that a definition asks for, or that it was given.</summary>
internal sealed record DefinitionNames(
    string Plural, string Singular, IReadOnlyList<string> ShortNames, string Kind, string ListKind, IReadOnlyList<string> Categories)
{
    public static DefinitionNames Of(JsonObject? names) => new(
        Text(names, "plural"), Text(names, "singular"), names.Texts("shortNames"), Text(names, "kind"), Text(names, "listKind"), names.Texts("categories"));

    public bool Equals(DefinitionNames? other) =>
        other is not null && Plural == other.Plural && Singular == other.Singular && Kind == other.Kind && ListKind == other.ListKind
        && ShortNames.SequenceEqual(other.ShortNames) && Categories.SequenceEqual(other.Categories);

    public override int GetHashCode() => HashCode.Combine(Plural, Kind);

    /// <summary>Those that have the role of a resource's name in paths and on command lines.</summary>
    public IEnumerable<string> OfResource => [Plural, Singular, .. ShortNames];

    public IEnumerable<string> OfKind => [Kind, ListKind];

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        Put(json, "plural", Plural);
        Put(json, "singular", Singular);
        Put(json, "shortNames", ShortNames);
        Put(json, "kind", Kind);
        Put(json, "listKind", ListKind);
        Put(json, "categories", Categories);
        return json;
    }

    /// <summary>What a definition gets of the names that it asks for, when others of its group have some already.</summary>
    /// <param name="requested">What it asks for.</param>
    /// <param name="accepted">What it has.</param>
    /// <param name="resources">The names of resources that the others have.</param>
    /// <param name="kinds">The names of kinds that the others have.</param>
    /// <returns>What it has from now on, and what stands against the rest: reason and message of the last conflict.</returns>
    public static (DefinitionNames Accepted, string Reason, string Message) Settle(
        DefinitionNames requested, DefinitionNames accepted, IReadOnlySet<string> resources, IReadOnlySet<string> kinds)
    {
        var (reason, message) = ("", "");
        string Name(string wanted, string had, IReadOnlySet<string> taken, string conflict)
        {
            if (wanted == had || !taken.Contains(wanted))
                return wanted;
            (reason, message) = (conflict, InUse(wanted));
            return had;
        }

        var plural = Name(requested.Plural, accepted.Plural, resources, "PluralConflict");
        var singular = Name(requested.Singular, accepted.Singular, resources, "SingularConflict");
        var shortNames = requested.ShortNames;
        var inUse = requested.ShortNames.Where(n => !accepted.ShortNames.Contains(n) && resources.Contains(n)).Select(InUse).Distinct().ToList();
        if (inUse.Count > 0)
        {
            shortNames = accepted.ShortNames;
            (reason, message) = ("ShortNamesConflict", inUse.Count == 1 ? inUse[0] : $"[{string.Join(", ", inUse)}]");
        }
        var kind = Name(requested.Kind, accepted.Kind, kinds, "KindConflict");
        var listKind = Name(requested.ListKind, accepted.ListKind, kinds, "ListKindConflict");
        return (new(plural, singular, shortNames, kind, listKind, requested.Categories), reason, message);
    }

    private static string InUse(string name) => $"{GoText.Quote(name)} is already in use";

    private static string Text(JsonObject? names, string name) => names?.Text(name) ?? "";

    private static void Put(JsonObject json, string name, string value)
    {
        if (value.Length > 0)
            json[name] = value;
    }

    private static void Put(JsonObject json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
            json[name] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
    }
}
