using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>Reading an object's JSON where any field may be missing: what is not there reads as nothing, all the way down.</summary>
internal static class TableJson
{
    /// <summary>A field; the undefined element when it is missing.</summary>
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static JsonElement Get(this JsonElement element, string first, string second) => element.Get(first).Get(second);

    /// <summary>Whether there is a value, and not null.</summary>
    public static bool Exists(this JsonElement element) => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The text of a value: a string itself, a number as it is written.</summary>
    public static string Text(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number => element.GetRawText(),
        _ => "",
    };

    public static string Text(this JsonElement element, string name) => element.Get(name).Text();

    public static long Number(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : 0;

    public static bool Flag(this JsonElement element, string name, bool whenMissing = false) => element.Get(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => whenMissing,
    };

    /// <summary>The elements of a list; none when it is missing.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    /// <summary>How many elements a list, or fields a map, has.</summary>
    public static int Count(this JsonElement element, string name) => element.Get(name) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength(),
        { ValueKind: JsonValueKind.Object } map => map.GetPropertyCount(),
        _ => 0,
    };

    /// <summary>The entries of a map, sorted by key.</summary>
    public static IEnumerable<JsonProperty> Entries(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().OrderBy(entry => entry.Name, StringComparer.Ordinal)
            : [];

    /// <summary>The texts of a list of strings.</summary>
    public static IEnumerable<string> Texts(this JsonElement element, string name)
    {
        foreach (var item in element.Items(name))
            yield return item.Text();
    }

    /// <summary>The condition of a type in <c>status.conditions</c>; the undefined element when there is none.</summary>
    public static JsonElement Condition(this JsonElement obj, string type)
    {
        foreach (var condition in obj.Get("status").Items("conditions"))
        {
            if (condition.Text("type") == type)
                return condition;
        }
        return default;
    }

    public static bool IsBeingDeleted(this JsonElement obj) => obj.Get("metadata", "deletionTimestamp").Exists();

    public static string Annotation(this JsonElement obj, string name) => obj.Get("metadata", "annotations").Text(name);
}
