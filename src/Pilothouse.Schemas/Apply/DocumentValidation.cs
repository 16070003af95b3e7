using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Checks a document that is to be applied as far as merging needs it: fields that exist, lists and maps that are such, and
/// elements that can be told apart. What the values mean is checked when the merged object is read.
/// </summary>
internal static class DocumentValidation
{
    /// <summary>What is wrong, in upstream's words; null when nothing is.</summary>
    public static string? Check(JsonObject document, SchemaType type, bool allowDuplicates = false)
    {
        var faults = new List<string>();
        Visit(document, new(type), "", allowDuplicates, faults);
        return faults.Count switch
        {
            0 => null,
            1 => faults[0],
            _ => "errors:\n" + string.Join('\n', faults.Select(f => "  " + f)),
        };
    }

    private static void Visit(JsonNode? value, ApplyType type, string path, bool allowDuplicates, List<string> faults)
    {
        if (value is null)
            return;
        switch (type.Form)
        {
            case MergeForm.Map:
                if (value is JsonObject map)
                    VisitMap(map, type, path, allowDuplicates, faults);
                else
                    Add($"expected map, got &{{{Print(value)}}}");
                break;
            case MergeForm.List:
                if (value is JsonArray list)
                    VisitList(list, type, path, allowDuplicates, faults);
                else
                    Add($"expected list, got &{{{Print(value)}}}");
                break;
            case MergeForm.Scalar when ScalarFault(value, type.Type.Kind) is { } fault:
                Add(fault);
                break;
        }

        void Add(string fault) => faults.Add(path.Length == 0 ? fault : $"{path}: {fault}");
    }

    private static void VisitMap(JsonObject map, ApplyType type, string path, bool allowDuplicates, List<string> faults)
    {
        foreach (var (key, value) in map)
        {
            if (!type.TryGetField(key, out var below))
            {
                if (type.Entry is not { } entry)
                {
                    faults.Add($"{path}.{key}: field not declared in schema");
                    return;
                }
                below = entry;
            }
            if (value is not null)
                Visit(value, below, $"{path}.{key}", allowDuplicates, faults);
        }
    }

    private static void VisitList(JsonArray list, ApplyType type, string path, bool allowDuplicates, List<string> faults)
    {
        var seen = type.IsAtomic ? null : new HashSet<PathElement>();
        for (var i = 0; i < list.Count; i++)
        {
            var below = $"[{i}]";
            if (seen is not null)
            {
                if (type.ElementOf(list[i], TreeForm.Plain, out var error) is not { } element)
                {
                    faults.Add($"{path}: element {i}: {error}");
                    return;
                }
                below = element.ToString();
                if (!seen.Add(element) && !allowDuplicates)
                    faults.Add($"{path}: duplicate entries for key {element}");
            }
            Visit(list[i], type.Item!.Value, path + below, allowDuplicates, faults);
        }
    }

    private static string? ScalarFault(JsonNode value, SchemaKind kind)
    {
        var form = value.GetValueKind();
        return kind switch
        {
            SchemaKind.Integer or SchemaKind.Number when form != JsonValueKind.Number =>
                $"expected numeric (int or float), got {GoValue.TypeOf(value)}",
            SchemaKind.String or SchemaKind.Bytes or SchemaKind.Duration when form != JsonValueKind.String =>
                $"expected string, got &value.valueUnstructured{{Value:{Syntax(value)}}}",
            SchemaKind.Boolean when form is not (JsonValueKind.True or JsonValueKind.False) =>
                $"expected boolean, got &{{{Print(value)}}}",
            _ when form is JsonValueKind.Object or JsonValueKind.Array => $"expected any scalar, got &{{{Print(value)}}}",
            _ => null,
        };
    }

    private static string Print(JsonNode value) => GoValue.Print(value);

    // As Go's %#v shows it; numbers were read as floats.
    private static string Syntax(JsonNode? value) => value switch
    {
        null => "interface {}(nil)",
        JsonObject map => $"map[string]interface {{}}{{{string.Join(", ", map.OrderBy(p => p.Key, ByteOrder.Comparer).Select(p => $"{GoText.Quote(p.Key)}:{Syntax(p.Value)}"))}}}",
        JsonArray list => $"[]interface {{}}{{{string.Join(", ", list.Select(Syntax))}}}",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => GoText.Quote(value.GetValue<string>()),
            JsonValueKind.Number => FieldScalar.TryOf(value, out var number) ? number.ToString() : value.ToJsonString(),
            JsonValueKind.True => "true",
            _ => "false",
        },
    };
}
