using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>The versions in which an object is served: managers name their fields in the terms of theirs.</summary>
public interface IObjectVersions
{
    /// <summary>Converts an object.</summary>
    /// <param name="obj">In normal form; not edited.</param>
    /// <param name="from">Its version, <c>autoscaling/v2</c>.</param>
    /// <param name="to">The version wanted.</param>
    /// <param name="converted">The object in that version; may be <paramref name="obj"/> itself.</param>
    /// <param name="type">The version's type.</param>
    /// <returns>False when one of the versions is not served (any more).</returns>
    bool TryConvert(
        JsonObject obj, string from, string to, [NotNullWhen(true)] out JsonObject? converted, [NotNullWhen(true)] out SchemaType? type);
}
