namespace Pilothouse.Schemas;

/// <summary>The order of strings by their UTF-8 bytes, which is Go's.</summary>
internal static class ByteOrder
{
    public static Comparer<string> Comparer { get; } = Comparer<string>.Create(Compare);

    public static int Compare(string left, string right)
    {
        var at = left.AsSpan().CommonPrefixLength(right);
        if (at == left.Length || at == right.Length)
            return left.Length.CompareTo(right.Length);
        // UTF-16 puts what needs surrogates before U+E000 and above; UTF-8 puts it behind.
        var (l, r) = (left[at], right[at]);
        return char.IsSurrogate(l) == char.IsSurrogate(r) ? l.CompareTo(r) : char.IsSurrogate(l) ? 1 : -1;
    }
}
