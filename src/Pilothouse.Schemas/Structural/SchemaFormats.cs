using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>Which formats mean something in schemas.</summary>
public static class SchemaFormats
{
    /// <summary>Whether values of a type are checked for a format.</summary>
    /// <param name="type">The schema's type; empty for none.</param>
    /// <param name="format">The format.</param>
    public static bool IsKnown(string type, string format) => type switch
    {
        "" or "string" => StringFormats.IsKnown(format),
        "integer" => format is "int32" or "int64",
        "number" => format is "float" or "double",
        _ => false,
    };
}
