using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>A value on one side of a comparison: absent, or there, and then perhaps null.</summary>
internal readonly record struct ApplyValue(bool Exists, JsonNode? Node)
{
    private static readonly JsonObject EmptyStruct = Ready(new JsonObject());
    private static readonly JsonValue EmptyText = JsonValue.Create("");
    private static readonly JsonValue Zero = JsonValue.Create(0L);
    private static readonly JsonValue False = JsonValue.Create(false);
    private static readonly JsonValue ZeroQuantity = JsonValue.Create("0");
    private static readonly JsonValue ZeroDuration = JsonValue.Create("0s");

    public static ApplyValue None => default;

    public static ApplyValue Is(JsonNode? node) => new(true, node);

    /// <summary>A struct's field, as Go would have it: a field that is written although it is zero exists. No struct, no fields.</summary>
    public static ApplyValue Of(JsonObject? obj, SchemaProperty property, TreeForm form)
    {
        if (obj is null)
            return None;
        if (obj.TryGetPropertyValue(property.Name, out var node))
        {
            if (form == TreeForm.Plain || property.Type.Structural is not null)
                return new(true, node);
            if (node is not null && !SchemaEncoder.Omits(property, node))
                return new(true, node);
        }
        return form == TreeForm.Normal && SchemaEncoder.WritesNothing(property) ? new(true, Nothing(property)) : None;
    }

    /// <summary>Whether a struct or map holds nothing that is written.</summary>
    public static bool IsEmptyMap(JsonObject? obj, SchemaType type, TreeForm form)
    {
        if (form == TreeForm.Plain || type.Kind != SchemaKind.Struct || obj is null || (type.Structural is not null && !type.IsStructuralRoot))
            return obj is null or { Count: 0 };
        if (type.Properties.WritesNothing)
            return false;
        foreach (var (name, node) in obj)
        {
            if (node is not null && type.Properties.TryGet(name, out var property) && !SchemaEncoder.Omits(property, node))
                return false;
        }
        return true;
    }

    private static JsonNode? Nothing(SchemaProperty property) => (property.Pointer ? SchemaKind.Any : property.Type.Kind) switch
    {
        SchemaKind.Struct => EmptyStruct,
        SchemaKind.String => EmptyText,
        SchemaKind.Integer or SchemaKind.Number or SchemaKind.IntOrString => Zero,
        SchemaKind.Boolean => False,
        SchemaKind.Quantity => ZeroQuantity,
        SchemaKind.Duration => ZeroDuration,
        _ => null,
    };

    // Counted once, so that nothing is left to be made by those who only read it.
    private static JsonObject Ready(JsonObject obj) => obj.Count == 0 ? obj : [];
}
