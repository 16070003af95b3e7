namespace Pilothouse.Objects;

/// <summary>A pattern that is being read: how far, and the first thing that is wrong with it, which ends the reading.</summary>
internal sealed class Re2Cursor(string pattern)
{
    public string Pattern => pattern;

    /// <summary>The index of the next character.</summary>
    public int At { get; set; }

    /// <summary>Null while nothing is wrong.</summary>
    public string? Error { get; private set; }

    public bool More => Error is null && At < pattern.Length;

    /// <summary>Notes an error in RE2's words, unless there is one already.</summary>
    public void Fail(string code, string what) => Error ??= $"{code}: `{what}`";

    /// <summary>The next code point, and goes past it.</summary>
    public int Rune()
    {
        System.Text.Rune.DecodeFromUtf16(pattern.AsSpan(At), out var rune, out var length);
        At += Math.Max(length, 1);
        return rune.Value;
    }
}
