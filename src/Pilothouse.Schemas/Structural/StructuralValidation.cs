using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Checks values of custom resources against what their definition says of them, in the words and the order of kube-openapi's
/// validator. Of an update, what has not changed is not complained about.
/// </summary>
public sealed class StructuralValidation
{
    private readonly string _prefix;

    private StructuralValidation(string prefix) => _prefix = prefix;

    /// <summary>Checks a value.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="value">The value; null is JSON's null.</param>
    /// <param name="field">Where the value is in the object; empty for the object itself. Texts do not say it, paths do.</param>
    /// <param name="correlation">Of an update; null otherwise.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void Validate(StructuralSchema schema, JsonNode? value, string field, Correlation? correlation, FieldErrors errors)
    {
        foreach (var error in new StructuralValidation(field).Child(schema, value, "", correlation).Errors)
            errors.Add(error);
    }

    /// <summary>A value that may stay as it is when it has not changed.</summary>
    private SchemaFaults Child(StructuralSchema schema, JsonNode? value, string path, Correlation? correlation)
    {
        var faults = Check(schema, value, path, correlation);
        if (!faults.IsValid && correlation?.IsSame == true)
            faults.Forgive();
        return faults;
    }

    private SchemaFaults Check(StructuralSchema schema, JsonNode? value, string path, Correlation? correlation)
    {
        var faults = new SchemaFaults();
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        CheckType(schema, kind, value, path, faults);
        if (value is null)
        {
            CheckEnum(schema, value, path, faults);
            return faults;
        }
        CheckAlternatives(schema, value, path, correlation, faults);
        faults.Count();
        switch (kind)
        {
            case JsonValueKind.String:
                CheckString(schema, value.GetValue<string>(), path, faults);
                faults.Count();
                if (FormatOf(schema) is { Length: > 0 } format && StringFormats.Check(format, value.GetValue<string>()) is { } fits)
                {
                    if (!fits)
                        Mistyped(faults, path, schema.Format, value.GetValue<string>());
                    faults.Count();
                }
                break;
            case JsonValueKind.Number:
                NumberValidation.Check(schema, FormatOf(schema), value, path, At(path), faults);
                faults.Count();
                break;
            case JsonValueKind.Array:
                CheckList(schema, (JsonArray)value, path, correlation, faults);
                faults.Count();
                break;
        }
        CheckEnum(schema, value, path, faults);
        faults.Count();
        if (kind == JsonValueKind.Object)
        {
            CheckObject(schema, (JsonObject)value, path, correlation, faults);
            faults.Count();
        }
        faults.Count();
        return faults;
    }

    /// <summary>The format, if it is one that is known for the type; empty otherwise.</summary>
    private static string FormatOf(StructuralSchema schema) =>
        !schema.IsIntOrString && SchemaFormats.IsKnown(schema.Type, schema.Format) ? schema.Format : "";

    private void CheckType(StructuralSchema schema, JsonValueKind kind, JsonNode? value, string path, SchemaFaults faults)
    {
        var format = FormatOf(schema);
        var types = schema.IsIntOrString ? "integer,string" : schema.Type;
        if (types.Length == 0 && format.Length == 0)
            return;
        if (value is null)
        {
            if (types.Length > 0 && !schema.Nullable)
                Mistyped(faults, path, types, "null");
            faults.Count();
            return;
        }
        var (given, givenFormat) = kind switch
        {
            JsonValueKind.True or JsonValueKind.False => ("boolean", ""),
            JsonValueKind.String => ("string", ""),
            JsonValueKind.Number => StructuralNumbers.IsInteger(value) ? ("integer", "int64") : ("number", "float64"),
            JsonValueKind.Array => ("array", ""),
            _ => ("object", ""),
        };
        var fits = types == given || (schema.IsIntOrString && given is ("integer" or "string")) || (given == "integer" && types == "number");
        var isNumeric = types is "number" or "integer" or "integer,string";
        if (given is not ("string" or "array") && format.Length > 0 && !fits && givenFormat != format)
        {
            Mistyped(faults, path, format, givenFormat);
        }
        else if (!fits && !(!isNumeric && format.Length > 0 && given is ("string" or "array")))
        {
            // Of texts with a format, the format is what counts.
            Mistyped(faults, path, types, given);
        }
        else
        {
            faults.Count();
        }
    }

    private void CheckString(StructuralSchema schema, string value, string path, SchemaFaults faults)
    {
        var length = value.EnumerateRunes().Count();
        if (length > schema.MaxLength)
        {
            faults.Add($"{path} in body should be at most {schema.MaxLength} chars long", FieldError.TooLong(At(path), (int)Math.Min(schema.MaxLength.Value, int.MaxValue)));
        }
        else if (length < schema.MinLength)
        {
            Invalid(faults, path, value, $"{path} in body should be at least {schema.MinLength} chars long");
        }
        else if (schema.Pattern.Length > 0)
        {
            var (regex, broken) = schema.CompiledPattern;
            if (broken is not null)
                Invalid(faults, path, value, $"{path} in body should match '{schema.Pattern}, but pattern is invalid: {broken}'");
            else if (!regex!.IsMatch(value))
                Invalid(faults, path, value, $"{path} in body should match '{schema.Pattern}'");
        }
    }

    private void CheckList(StructuralSchema schema, JsonArray list, string path, Correlation? correlation, SchemaFaults faults)
    {
        if (schema.Items is { } items)
        {
            for (var i = 0; i < list.Count; i++)
                faults.Merge(Child(items, list[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), correlation?.Index(i)));
        }
        if (list.Count < schema.MinItems)
            Invalid(faults, path, (long)list.Count, $"{path} in body should have at least {schema.MinItems} items");
        if (list.Count > schema.MaxItems)
            faults.Add($"{path} in body should have at most {schema.MaxItems} items", FieldError.TooMany(At(path), list.Count, (int)Math.Min(schema.MaxItems.Value, int.MaxValue)));
        faults.Count();
    }

    private void CheckObject(StructuralSchema schema, JsonObject map, string path, Correlation? correlation, SchemaFaults faults)
    {
        if (map.Count < schema.MinProperties)
            Invalid(faults, path, (long)map.Count, $"{path} in body should have at least {schema.MinProperties} properties");
        if (map.Count > schema.MaxProperties)
            faults.Add($"{path} in body should have at most {schema.MaxProperties} properties", FieldError.TooMany(At(path), map.Count, (int)Math.Min(schema.MaxProperties.Value, int.MaxValue)));
        foreach (var (name, value) in map)
        {
            if (schema.Properties.ContainsKey(name))
                continue;
            if (schema.AllowsAdditionalProperties == false)
                Invalid(faults, path, name, $"{path}.{name} in body is a forbidden property");
            else if (schema.AdditionalProperties is { } others)
                faults.Merge(Child(others, value, $"{path}.{name}", CorrelationOf(correlation, path, name)));
        }
        foreach (var (name, property) in schema.Properties)
        {
            if (map.TryGetPropertyValue(name, out var value))
                faults.Merge(Child(property, value, path.Length > 0 ? $"{path}.{name}" : name, CorrelationOf(correlation, path, name)));
        }
        foreach (var name in schema.Required)
        {
            if (!map.ContainsKey(name))
                faults.Add($"{path}.{name} in body is required", FieldError.Required(At($"{path}.{name}")));
        }
    }

    /// <summary>The version of an object has been converted: it is never an old one.</summary>
    private static Correlation? CorrelationOf(Correlation? correlation, string path, string name) =>
        path.Length == 0 && name is ("kind" or "apiVersion") ? null : correlation?.Key(name);

    private void CheckEnum(StructuralSchema schema, JsonNode? value, string path, SchemaFaults faults)
    {
        if (schema.Enum is not { Count: > 0 } allowed || (value is not null && allowed.Any(a => a is not null && Same(a, value))))
            return;
        var shown = allowed.Select(a => a.AsText() ?? GoValue.Marshal(a)).ToList();
        faults.Add($"{path} in body should be one of [{string.Join(' ', shown)}]", FieldError.NotSupported(At(path), value, shown));
    }

    private static bool Same(JsonNode left, JsonNode right) =>
        left.GetValueKind() == JsonValueKind.Number && right.GetValueKind() == JsonValueKind.Number
            ? StructuralNumbers.ToDouble(left) == StructuralNumbers.ToDouble(right)
            : JsonNode.DeepEquals(left, right);

    private void CheckAlternatives(StructuralSchema schema, JsonNode value, string path, Correlation? correlation, SchemaFaults faults)
    {
        var found = new SchemaFaults();
        if (schema.AnyOf.Count > 0)
        {
            SchemaFaults? best = null, first = null;
            foreach (var any in schema.AnyOf)
            {
                var result = Check(any, value, path, correlation);
                if (result.IsValid)
                {
                    first = result;
                    break;
                }
                if (best is null || result.Matches > best.Matches)
                    best = result;
            }
            if (first is null)
                Composite(found, $"{GoText.Quote(path)} must validate at least one schema (anyOf)");
            found.Merge(first ?? best!);
        }
        if (schema.OneOf.Count > 0)
        {
            SchemaFaults? best = null, first = null;
            var valid = 0;
            foreach (var one in schema.OneOf)
            {
                var result = Check(one, value, path, correlation);
                if (result.IsValid)
                {
                    valid++;
                    first ??= result;
                    best = null;
                }
                else if (valid == 0 && (best is null || result.Matches > best.Matches))
                {
                    best = result;
                }
            }
            if (valid != 1)
            {
                Composite(found, $"{GoText.Quote(path)} must validate one and only one schema (oneOf). "
                    + (valid == 0 ? "Found none valid" : string.Create(CultureInfo.InvariantCulture, $"Found {valid} valid alternatives")));
            }
            if (valid == 1 || best is not null)
                found.Merge(valid == 1 ? first! : best!);
        }
        if (schema.AllOf.Count > 0)
        {
            var valid = 0;
            foreach (var all in schema.AllOf)
            {
                var result = Check(all, value, path, correlation);
                valid += result.IsValid ? 1 : 0;
                found.Merge(result);
            }
            if (valid != schema.AllOf.Count)
                Composite(found, $"{GoText.Quote(path)} must validate all the schemas (allOf){(valid == 0 ? ". None validated" : "")}");
        }
        if (schema.Not is { } not && Check(not, value, path, correlation).IsValid)
            Composite(found, $"{GoText.Quote(path)} must not validate the schema (not)");
        found.Count();
        faults.Merge(found);
    }

    /// <summary>Where an error is: below the field that is checked, without a dot before the first name.</summary>
    private string At(string path)
    {
        var name = path.StartsWith('.') ? path[1..] : path;
        return name.Length == 0 ? (_prefix.Length > 0 ? _prefix : "<nil>") : _prefix.Length > 0 ? $"{_prefix}.{name}" : name;
    }

    private void Invalid(SchemaFaults faults, string path, object? value, string text) => faults.Add(text, FieldError.Invalid(At(path), value, text));

    private void Mistyped(SchemaFaults faults, string path, string type, string value)
    {
        var text = $"{path} in body must be of type {type}: {GoText.Quote(value)}";
        faults.Add(text, FieldError.TypeInvalid(At(path), value, text));
    }

    /// <summary>What is said of a whole has no field in upstream's result.</summary>
    private void Composite(SchemaFaults faults, string text) => faults.Add(text, FieldError.Invalid(At(""), "", text));
}
