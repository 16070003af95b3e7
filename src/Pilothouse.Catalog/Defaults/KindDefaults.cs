using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>
/// Fills in every default of an object, in one walk: the published ones of its schema, and those that single types have by
/// rule. A type's rules run before those of the types nested in it. The tree is in normal form, of the version whose schema
/// is given: objects are defaulted in the version in which they came, and after a conversion in the stored one.
/// </summary>
public static class KindDefaults
{
    private static readonly ConditionalWeakTable<SchemaType, DefaultsPlan> Plans = [];

    /// <summary>Fills the tree in place. Calling it again changes nothing.</summary>
    /// <param name="tree">The object.</param>
    /// <param name="type">Its schema, or that of the part which the tree is.</param>
    /// <param name="now">The request's time: a few types note when they were added.</param>
    public static void Fill(JsonObject tree, SchemaType type, DateTimeOffset now)
    {
        if (type.Structural is null)
            Plans.GetValue(type, DefaultsPlan.For).Fill(tree, now);
        else
            StructuralDefaults.Fill(tree, type);
    }
}
