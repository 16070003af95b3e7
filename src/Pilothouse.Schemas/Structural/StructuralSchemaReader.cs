using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>Reads the schemas in definitions of custom resources. Whether they are structural, whoever stores definitions has checked.</summary>
public static class StructuralSchemaReader
{
    /// <summary>Reads a schema; what is of a wrong form counts as not there.</summary>
    public static StructuralSchema Read(JsonObject source)
    {
        var items = source.Object("items") is { } each ? Read(each) : null;
        var properties = new SortedDictionary<string, StructuralSchema>(ByteOrder.Comparer);
        foreach (var (name, property) in source.Object("properties") ?? [])
            properties[name] = Read(property as JsonObject ?? []);
        var additional = source["additionalProperties"];
        var others = additional is JsonObject schema ? Read(schema) : null;
        var hasDefault = source.TryGetPropertyValue("default", out var value) && value is not null;
        return new()
        {
            Type = source.Text("type") ?? "",
            Format = source.Text("format") ?? "",
            Nullable = source.Flag("nullable") == true,
            Default = hasDefault ? value!.DeepClone() : null,
            Properties = properties,
            AdditionalProperties = others,
            AllowsAdditionalProperties = source.Flag("additionalProperties"),
            Items = items,
            Required = source.Texts("required"),
            Enum = source.List("enum") is { } values ? [.. values.Select(v => v?.DeepClone())] : null,
            Minimum = Number(source, "minimum"),
            Maximum = Number(source, "maximum"),
            ExclusiveMinimum = source.Flag("exclusiveMinimum") == true,
            ExclusiveMaximum = source.Flag("exclusiveMaximum") == true,
            MultipleOf = Number(source, "multipleOf"),
            MinLength = Whole(source, "minLength"),
            MaxLength = Whole(source, "maxLength"),
            MinItems = Whole(source, "minItems"),
            MaxItems = Whole(source, "maxItems"),
            MinProperties = Whole(source, "minProperties"),
            MaxProperties = Whole(source, "maxProperties"),
            Pattern = source.Text("pattern") ?? "",
            AllOf = [.. source.Objects("allOf").Select(Read)],
            AnyOf = [.. source.Objects("anyOf").Select(Read)],
            OneOf = [.. source.Objects("oneOf").Select(Read)],
            Not = source.Object("not") is { } not ? Read(not) : null,
            PreservesUnknownFields = source.Flag("x-kubernetes-preserve-unknown-fields") == true,
            IsEmbeddedResource = source.Flag("x-kubernetes-embedded-resource") == true,
            IsIntOrString = source.Flag("x-kubernetes-int-or-string") == true,
            ListType = source.Text("x-kubernetes-list-type") ?? "",
            ListMapKeys = source.Texts("x-kubernetes-list-map-keys"),
            MapType = source.Text("x-kubernetes-map-type") ?? "",
            Rules = [.. source.Objects("x-kubernetes-validations").Select(StructuralRule.Of)],
            HasDefaults = hasDefault || items?.HasDefaults == true || others?.HasDefaults == true || properties.Values.Any(p => p.HasDefaults),
            Source = source,
        };
    }

    private static double? Number(JsonObject source, string name) =>
        source.TryGetPropertyValue(name, out var node) && node is not null && node.GetValueKind() == JsonValueKind.Number
            ? StructuralNumbers.ToDouble(node) : null;

    private static long? Whole(JsonObject source, string name) =>
        source.Integer(name) ?? (Number(source, name) is { } number ? (long)number : null);
}
