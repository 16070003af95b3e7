using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Makes the types by which objects of custom resources are decoded, merged and published from what their definition says: the
/// same engine walks them as walks the built-in ones. In a value that has a <see cref="SchemaType.Structural"/> zeros, empty
/// values and nulls are kept as they were sent, and a value of the wrong form is kept too, for validation to refuse.
/// </summary>
public static class StructuralTypes
{
    /// <summary>How many properties of a whole object's type are those that every object has: kind, apiVersion and metadata.</summary>
    internal const int RootFields = 3;

    /// <summary>Any value, of which all is kept.</summary>
    internal static SchemaType Anything { get; } = new()
    {
        Kind = SchemaKind.Any,
        GoType = "interface {}",
        Structural = new() { PreservesUnknownFields = true, Nullable = true },
    };

    /// <summary>What no schema is said of where others are: <c>additionalProperties: true</c> keeps scalars and prunes all that has fields.</summary>
    internal static SchemaType Nothing { get; } = new()
    {
        Kind = SchemaKind.Any,
        GoType = "interface {}",
        Structural = new() { Nullable = true },
    };

    /// <summary>The type of a kind's objects.</summary>
    /// <param name="schema">What the definition says of the whole object; null when it says nothing.</param>
    /// <param name="metadata">The type of <c>metadata</c>, here and in embedded resources.</param>
    /// <param name="kind">The kind, in this version.</param>
    public static SchemaType Of(StructuralSchema? schema, SchemaType metadata, GroupVersionKind kind)
    {
        var root = schema ?? new StructuralSchema();
        var text = new SchemaType { Kind = SchemaKind.String, GoType = "string" };
        List<SchemaProperty> properties =
        [
            new() { Name = "kind", Type = text, Omit = Omission.Empty },
            new() { Name = "apiVersion", Type = text, Omit = Omission.Empty },
            new() { Name = "metadata", Type = metadata, Omit = Omission.Empty, MapType = root.Properties.GetValueOrDefault("metadata")?.MapType ?? "" },
        ];
        var builder = new Builder(metadata);
        properties.AddRange(root.Properties
            .Where(p => p.Key is not ("kind" or "apiVersion" or "metadata"))
            .Select(p => builder.Property(p.Key, p.Value)));
        var type = new SchemaType
        {
            Kind = SchemaKind.Struct,
            GoType = "map[string]interface {}",
            Structural = root,
            IsStructuralRoot = true,
            Element = root.PreservesUnknownFields ? Anything : null,
            MapType = root.MapType,
            Kinds = [kind],
        };
        type.Seal(new(properties));
        builder.PruneDefaults();
        return type;
    }

    private sealed class Builder(SchemaType metadata)
    {
        private readonly List<(StructuralSchema Schema, SchemaType Type)> _defaults = [];

        public SchemaProperty Property(string name, StructuralSchema schema) => new()
        {
            Name = name,
            Type = Type(schema),
            // There is no Go struct that could not tell zero from absent.
            Pointer = true,
            Omit = Omission.Empty,
            Required = false,
            Default = schema.Default?.ToJsonString(),
            ListType = schema.ListType,
            ListMapKeys = schema.ListMapKeys,
            MapType = schema.MapType,
        };

        private SchemaType Type(StructuralSchema schema)
        {
            var made = Make(schema);
            if (schema.Default is not null)
                _defaults.Add((schema, made));
            return made;
        }

        private SchemaType Make(StructuralSchema schema)
        {
            var isObject = schema.Type is "object" || (schema.Type.Length == 0 && schema.Properties.Count > 0);
            if (isObject || schema.IsEmbeddedResource)
                return MakeObject(schema);
            if (schema.Type == "array")
            {
                return new()
                {
                    Kind = SchemaKind.List,
                    GoType = "[]interface {}",
                    Structural = schema,
                    Element = schema.Items is { } items ? Type(items) : schema.PreservesUnknownFields ? Anything : Nothing,
                };
            }
            var (kind, goType) = schema.IsIntOrString ? (SchemaKind.IntOrString, "interface {}") : schema.Type switch
            {
                "string" => (SchemaKind.String, "string"),
                "integer" => (SchemaKind.Integer, "int64"),
                "number" => (SchemaKind.Number, "float64"),
                "boolean" => (SchemaKind.Boolean, "bool"),
                _ => (SchemaKind.Any, "interface {}"),
            };
            return new() { Kind = kind, GoType = goType, Structural = schema };
        }

        private SchemaType MakeObject(StructuralSchema schema)
        {
            var element = schema.AdditionalProperties is { } others ? Type(others)
                : schema.PreservesUnknownFields ? Anything
                : schema.AllowsAdditionalProperties == true ? Nothing
                : null;
            var isMap = schema.Properties.Count == 0 && schema.AdditionalProperties is not null && !schema.IsEmbeddedResource;
            var type = new SchemaType
            {
                Kind = isMap ? SchemaKind.Map : SchemaKind.Struct,
                GoType = "map[string]interface {}",
                Structural = schema,
                Element = element,
                MapType = schema.MapType,
            };
            if (isMap)
                return type;
            var properties = schema.Properties
                .Where(p => !schema.IsEmbeddedResource || p.Key is not ("kind" or "apiVersion" or "metadata"))
                .Select(p => Property(p.Key, p.Value)).ToList();
            if (schema.IsEmbeddedResource)
            {
                properties.Add(Property("kind", new() { Type = "string" }));
                properties.Add(Property("apiVersion", new() { Type = "string" }));
                properties.Add(new() { Name = "metadata", Type = metadata, Pointer = true, Omit = Omission.Empty });
            }
            type.Seal(new(properties));
            return type;
        }

        /// <summary>A default has what its schema knows, like any value that is sent.</summary>
        public void PruneDefaults()
        {
            foreach (var (schema, type) in _defaults)
                schema.Default = SchemaDecoder.Prune(schema.Default, type);
        }
    }
}
