using System.Text.Json.Nodes;

namespace Pilothouse.Cel;

/// <summary>A JSON array as a list.</summary>
internal sealed class JsonList(JsonArray array, CelType element) : CelList
{
    public JsonArray Array => array;

    public override int Count => array.Count;

    public override CelValue this[int index] => JsonValues.From(array[index], element);
}
