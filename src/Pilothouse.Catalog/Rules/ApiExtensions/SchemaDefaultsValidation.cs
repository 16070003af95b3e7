using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Defaults must be values that their own schema lets in.</summary>
internal static class SchemaDefaultsValidation
{
    public static void Validate(JsonObject schema, FieldPath path, bool requirePruned, FieldErrors errors)
    {
    }

    /// <summary>Whether a schema has a default with fields that it does not know.</summary>
    public static bool HasUnpruned(JsonObject schema) => false;
}
