using System.Text;

namespace Pilothouse.Server.Watching;

/// <summary>
/// Hands out one string for equal bytes that come again and again: label names and values, namespaces, node names. Bounded: a
/// slot holds the string that was asked for last, so it forgets rather than grows. Races cost a duplicate, never a wrong string.
/// </summary>
internal sealed class StringPool
{
    private const int LongestPooled = 128;

    private readonly string?[] _slots;

    /// <param name="slots">How many strings are kept; a power of two.</param>
    public StringPool(int slots = 16384) => _slots = new string?[slots];

    /// <summary>Shared by all caches of the process: it holds no state that anyone could depend on.</summary>
    public static StringPool Shared { get; } = new();

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        if (utf8.Length > LongestPooled)
            return Encoding.UTF8.GetString(utf8);

        ref var slot = ref _slots[Hash(utf8) & (uint)(_slots.Length - 1)];
        var known = slot;
        if (known is not null && Ascii.Equals(utf8, known))
            return known;
        var made = Encoding.UTF8.GetString(utf8);
        slot = made;
        return made;
    }

    public string Get(ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[LongestPooled * 3];
        return text.Length <= LongestPooled && Encoding.UTF8.TryGetBytes(text, utf8, out var length) ? Get(utf8[..length]) : text.ToString();
    }

    /// <summary>FNV-1a, with the upper half folded in.</summary>
    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u;
        foreach (var b in utf8)
            hash = (hash ^ b) * 16777619u;
        return hash ^ (hash >> 15);
    }
}
