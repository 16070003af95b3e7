using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Finding the class that administrators have marked as the default: the newest of several, then the first by name.</summary>
internal static class DefaultClass
{
    public static string? Find(IObjectReader objects, GroupResource classes, params ReadOnlySpan<string> annotations)
    {
        string? best = null;
        var newest = "";
        foreach (var json in objects.List(classes, ""))
        {
            var candidate = Plugin.Parse(json);
            if (!IsMarked(candidate, annotations))
                continue;
            // RFC 3339 in UTC sorts as text; lists are sorted by name.
            var created = candidate.Text("metadata", "creationTimestamp");
            if (best is not null && string.CompareOrdinal(created, newest) <= 0)
                continue;
            (best, newest) = (candidate.Text("metadata", "name"), created);
        }
        return best;
    }

    private static bool IsMarked(JsonElement candidate, ReadOnlySpan<string> annotations)
    {
        foreach (var annotation in annotations)
        {
            if (candidate.Text("metadata", "annotations", annotation) == "true")
                return true;
        }
        return false;
    }
}
