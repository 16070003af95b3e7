using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Volumes whose time is over, and files of volumes that cover each other.</summary>
internal static class VolumeWarnings
{
    // In upstream's order; the second name is the one in its texts.
    private static readonly (string Source, string Shown, string Note)[] Old =
    [
        ("photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
        ("gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
        ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"),
        ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
        ("quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
        ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ];

    private static readonly (string Field, string Kind)[] MappedSources =
        [("configMap", "ConfigMap"), ("secret", "Secret"), ("downwardAPI", "DownwardAPI")];

    private readonly record struct MappedPath(string Path, string Source)
    {
        public override string ToString() => Source.Length > 0 ? $"{GoText.Quote(Path)} ({Source})" : GoText.Quote(Path);
    }

    public static void Collect(JsonArray? volumes, FieldPath path, ICollection<string> warnings)
    {
        for (var i = 0; i < (volumes?.Count ?? 0); i++)
        {
            var volume = volumes![i] as JsonObject ?? [];
            foreach (var (source, shown, note) in Old)
            {
                if (volume.Object(source) is not null)
                    warnings.Add($"{path.Index(i).Child(shown)}: {note}");
            }
            if (volume.Object("ephemeral").Object("volumeClaimTemplate").Object("spec") is { } claim)
                CollectOfClaim(claim, path.Index(i).Child("ephemeral", "volumeClaimTemplate").Child("spec"), warnings);
        }
        for (var i = 0; i < (volumes?.Count ?? 0); i++)
        {
            if (volumes![i] is JsonObject volume)
                Overlaps(volume, warnings);
        }
    }

    /// <summary>Warnings of what a claim asks for.</summary>
    public static void CollectOfClaim(JsonObject spec, FieldPath path, ICollection<string> warnings)
    {
        foreach (var amounts in (ReadOnlySpan<string>)["requests", "limits"])
        {
            if (spec.Object("resources").Object(amounts)?["storage"] is { } node && QuantityValidation.Read(node) is var size && size.MilliValue % 1000 != 0)
            {
                warnings.Add($"{path.Child("resources", amounts).Key("storage")}: fractional byte value {GoText.Quote(size.ToString())} is invalid, "
                    + "must be an integer");
            }
        }
    }

    private static void Overlaps(JsonObject volume, ICollection<string> warnings)
    {
        var name = GoText.Quote(volume.Text("name") ?? "");
        if (volume.Object("configMap") is { } configMap && configMap.List("items") is { } keys)
            Compare(keys, $"volume {name} (ConfigMap {GoText.Quote(configMap.Text("name") ?? "")})", warnings);
        if (volume.Object("secret") is { } secret && secret.List("items") is { } secretKeys)
            Compare(secretKeys, $"volume {name} (Secret {GoText.Quote(secret.Text("secretName") ?? "")})", warnings);
        if (volume.Object("downwardAPI").List("items") is { } files)
            Compare(files, $"volume {name} (DownwardAPI)", warnings);
        if (volume.Object("projected").List("sources") is not { } sources)
            return;
        var all = new List<MappedPath>();
        foreach (var node in sources)
        {
            var source = node as JsonObject ?? [];
            if (source.Count == 0)
                warnings.Add($"volume {name} (Projected) has no sources provided");
            else
                AddPaths(source, all, $"volume {name} (Projected)", warnings);
        }
    }

    private static void AddPaths(JsonObject source, List<MappedPath> all, string where, ICollection<string> warnings)
    {
        foreach (var (field, kind) in MappedSources)
        {
            if (source.Object(field) is not { } holder || holder.List("items") is not { } items)
                continue;
            var shown = field == "downwardAPI" ? kind : $"{kind} {GoText.Quote(holder.Text("name") ?? "")}";
            foreach (var item in items)
                Add(new((item as JsonObject)?.Text("path") ?? "", shown), all, where, warnings);
            return;
        }
        if (source.Object("serviceAccountToken") is { } token)
            Add(new(token.Text("path") ?? "", "ServiceAccountToken"), all, where, warnings);
    }

    private static void Compare(JsonArray items, string where, ICollection<string> warnings)
    {
        if (items.Count < 2)
            return;
        var all = new List<MappedPath>();
        foreach (var item in items)
            Add(new((item as JsonObject)?.Text("path") ?? "", ""), all, where, warnings);
    }

    private static void Add(MappedPath mapped, List<MappedPath> all, string where, ICollection<string> warnings)
    {
        mapped = mapped with { Path = mapped.Path.TrimEnd('/') };
        foreach (var other in all)
        {
            if (mapped.Path.Length > 0 && other.Path.Length > 0
                && (IsAbove(mapped.Path, other.Path) || IsAbove(other.Path, mapped.Path)))
            {
                warnings.Add($"{where}: overlapping paths: {mapped} with {other}");
            }
        }
        all.Add(mapped);
    }

    private static bool IsAbove(string path, string other) =>
        other.StartsWith(path, StringComparison.Ordinal) && (other.Length == path.Length || other[path.Length] == '/');
}
