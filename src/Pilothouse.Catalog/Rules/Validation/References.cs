using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>References to other objects, by group, kind and name.</summary>
internal static class References
{
    /// <summary>apiGroup, kind and name, as ingresses and their classes name what is beside them.</summary>
    public static void ValidateTyped(JsonObject reference, FieldPath path, FieldErrors errors)
    {
        if (reference.Text("apiGroup") is { } group)
            errors.InvalidEach(path.Child("apiGroup"), group, NameFormats.DnsSubdomain(group));
        ValidateSegment(reference, "kind", path, errors);
        ValidateSegment(reference, "name", path, errors);
    }

    /// <summary>A field that must be there, and can stand in a path.</summary>
    public static void ValidateSegment(JsonObject reference, string field, FieldPath path, FieldErrors errors)
    {
        var value = reference.Word(field);
        if (value.Length == 0)
            errors.Required(path.Child(field));
        else
            errors.InvalidEach(path, field, value, NameFormats.PathSegment(value));
    }
}
