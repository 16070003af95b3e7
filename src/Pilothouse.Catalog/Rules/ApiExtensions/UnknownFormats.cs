using System.Text.Json.Nodes;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>Formats in schemas that nobody checks: a definition with a new one is warned of.</summary>
internal static class UnknownFormats
{
    /// <summary>The formats of a definition that its old state does not have.</summary>
    public static IEnumerable<string> In(JsonObject definition, JsonObject? old)
    {
        var known = new HashSet<string>();
        if (old is not null)
            Gather(old, known.Add);
        var found = new List<string>();
        Gather(definition, format =>
        {
            if (!known.Add(format))
                return false;
            found.Add(format);
            return true;
        });
        return found;
    }

    private static void Gather(JsonObject definition, Func<string, bool> add)
    {
        foreach (var schema in DefinitionForm.Of(definition).Schemas)
        {
            SchemaNodes.Any(schema, node =>
            {
                if (node.Word("format") is { Length: > 0 } format && !SchemaFormats.IsKnown(node.Word("type"), format))
                    add(format);
                return false;
            });
        }
    }
}
