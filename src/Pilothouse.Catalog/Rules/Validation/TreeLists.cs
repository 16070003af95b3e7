using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Walking lists of trees with the indexes that errors name, without an iterator's allocation.</summary>
internal static class TreeLists
{
    private static readonly JsonObject Empty = [];

    /// <summary>A list of objects; none when it is absent.</summary>
    public static ObjectItems Items(this JsonObject? obj, string name) => new(obj.List(name));

    /// <summary>A list of texts; none when it is absent.</summary>
    public static TextItems Words(this JsonObject? obj, string name) => new(obj.List(name));

    /// <summary>How many elements a list has; 0 when it is absent.</summary>
    public static int CountOf(this JsonObject? obj, string name) => obj.List(name)?.Count ?? 0;

    /// <summary>A text; Go's zero value, the empty one, when it is absent.</summary>
    public static string Word(this JsonObject? obj, string name) => obj?.Text(name) ?? "";

    /// <summary>Whether the list has the text.</summary>
    public static bool HasWord(this JsonObject? obj, string name, string word)
    {
        foreach (var (_, item) in obj.Words(name))
        {
            if (item == word)
                return true;
        }
        return false;
    }

    internal readonly struct ObjectItems(JsonArray? list)
    {
        public ObjectEnumerator GetEnumerator() => new(list);
    }

    internal struct ObjectEnumerator(JsonArray? list)
    {
        private int _index = -1;

        public readonly (int Index, JsonObject Item) Current => (_index, list![_index] as JsonObject ?? Empty);

        public bool MoveNext() => ++_index < (list?.Count ?? 0);
    }

    internal readonly struct TextItems(JsonArray? list)
    {
        public TextEnumerator GetEnumerator() => new(list);
    }

    internal struct TextEnumerator(JsonArray? list)
    {
        private int _index = -1;

        public readonly (int Index, string Item) Current => (_index, list![_index].AsText() ?? "");

        public bool MoveNext() => ++_index < (list?.Count ?? 0);
    }
}
