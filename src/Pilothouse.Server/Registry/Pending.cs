using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

// Stands in for what lands from elsewhere; goes then.
#pragma warning disable MA0048, IDE0060
namespace Pilothouse.Server.Registry
{
    internal static class JsonPatch
    {
        public static Outcome<JsonNode?> Apply(JsonNode doc, ReadOnlySpan<byte> patch) => throw new NotSupportedException();
    }

    internal static class MergePatch
    {
        public static JsonNode? Apply(JsonNode? doc, JsonNode? patch)
        {
            if (patch is not JsonObject changes)
                return patch?.DeepClone();
            var target = doc as JsonObject ?? [];
            foreach (var (name, value) in changes)
            {
                if (value is null)
                    target.Remove(name);
                else
                    target[name] = Apply(target[name]?.DeepClone(), value);
            }
            return target;
        }
    }

    internal static class StrategicMergePatch
    {
        public static Outcome<JsonObject> Apply(JsonObject doc, JsonObject patch, SchemaType type) => (JsonObject)MergePatch.Apply(doc, patch)!;
    }
}

namespace Pilothouse.Server.Requests
{
    internal static class Yaml
    {
        public static Outcome<byte[]> ToJson(ReadOnlySpan<byte> yaml) => Status.BadRequest("YAML is not there yet");
    }
}
