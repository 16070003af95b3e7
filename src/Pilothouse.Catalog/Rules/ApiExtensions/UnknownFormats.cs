using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Pilothouse.Catalog;

/// <summary>Formats in schemas that nobody checks: a definition with a new one is warned of.</summary>
internal static class UnknownFormats
{
    private static readonly FrozenSet<string> OfText = new[]
    {
        "bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "uuid", "uuid3", "uuid4", "uuid5", "isbn", "isbn10", "isbn13",
        "creditcard", "ssn", "hexcolor", "rgbcolor", "byte", "password", "date", "duration", "datetime", "k8sshortname", "k8slongname",
    }.ToFrozenSet();

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
                if (node.Word("format") is { Length: > 0 } format && !IsKnown(node.Word("type"), format))
                    add(format);
                return false;
            });
        }
    }

    private static bool IsKnown(string type, string format) => type switch
    {
        "" or "string" => OfText.Contains(format.Replace("-", "", StringComparison.Ordinal)),
        "integer" => format is "int32" or "int64",
        "number" => format is "float" or "double",
        _ => false,
    };
}
