using System.Text;
using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>The extension library of strings, version 2. Positions count code points.</summary>
internal static class StringFunctions
{
    public static void AddTo(FunctionTable table)
    {
        var (text, number) = (CelType.String, Int);
        table.AddMember("charAt", "string_char_at_int", [text, number], text, (_, a) => CharAt(a[0].AsString, a[1].AsInt));
        table.AddMember("indexOf", "string_index_of_string", [text, text], number, (_, a) => IndexOf(a[0].AsString, a[1].AsString, 0));
        table.AddMember("indexOf", "string_index_of_string_int", [text, text, number], number,
            (_, a) => IndexOf(a[0].AsString, a[1].AsString, a[2].AsInt));
        table.AddMember("lastIndexOf", "string_last_index_of_string", [text, text], number, (_, a) =>
            a[1].AsString.Length == 0 ? CelValue.Of((long)Length(a[0].AsString))
            : a[0].AsString.Length < a[1].AsString.Length ? CelValue.Of(-1L)
            : LastIndexOf(a[0].AsString, a[1].AsString, Length(a[0].AsString) - 1));
        table.AddMember("lastIndexOf", "string_last_index_of_string_int", [text, text, number], number,
            (_, a) => LastIndexOf(a[0].AsString, a[1].AsString, a[2].AsInt));
        table.AddMember("lowerAscii", "string_lower_ascii", [text], text, (_, a) => CelValue.Of(Ascii(a[0].AsString, char.ToLowerInvariant)));
        table.AddMember("upperAscii", "string_upper_ascii", [text], text, (_, a) => CelValue.Of(Ascii(a[0].AsString, char.ToUpperInvariant)));
        table.AddMember("replace", "string_replace_string_string", [text, text, text], text,
            (_, a) => CelValue.Of(Replace(a[0].AsString, a[1].AsString, a[2].AsString, -1)));
        table.AddMember("replace", "string_replace_string_string_int", [text, text, text, number], text,
            (_, a) => CelValue.Of(Replace(a[0].AsString, a[1].AsString, a[2].AsString, a[3].AsInt)));
        table.AddMember("split", "string_split_string", [text, text], List(text), (_, a) => Split(a[0].AsString, a[1].AsString, -1));
        table.AddMember("split", "string_split_string_int", [text, text, number], List(text),
            (_, a) => Split(a[0].AsString, a[1].AsString, a[2].AsInt));
        table.AddMember("substring", "string_substring_int", [text, number], text,
            (_, a) => Substring(a[0].AsString, a[1].AsInt, Length(a[0].AsString)));
        table.AddMember("substring", "string_substring_int_int", [text, number, number], text, (_, a) =>
            a[1].AsInt > a[2].AsInt
                ? CelValue.Error($"invalid substring range. start: {a[1].AsInt}, end: {a[2].AsInt}")
                : Substring(a[0].AsString, a[1].AsInt, a[2].AsInt));
        table.AddMember("trim", "string_trim", [text], text, (_, a) => CelValue.Of(a[0].AsString.Trim()));
        table.AddMember("format", "string_format", [text, DynList], text, (_, a) => StringFormat.Format(a[0].AsString, a[1].AsList));
        table.Add("strings.quote", "strings_quote", [text], text, (_, a) => CelValue.Of(Quote(a[0].AsString)));
        table.AddMember("join", "list_join", [List(text)], text, (_, a) => Join(a[0].AsList, ""));
        table.AddMember("join", "list_join_string", [List(text), text], text, (_, a) => Join(a[0].AsList, a[1].AsString));
    }

    /// <summary>The reversal of strings, of a later version of the library.</summary>
    public static void AddReverse(FunctionTable table) =>
        table.AddMember("reverse", "string_reverse", [CelType.String], CelType.String, (_, a) =>
        {
            var runes = a[0].AsString.EnumerateRunes().Reverse();
            var reversed = new StringBuilder();
            foreach (var rune in runes)
                reversed.Append(rune.ToString());
            return CelValue.Of(reversed.ToString());
        });

    /// <summary>The length in code points.</summary>
    public static int Length(string text)
    {
        var length = text.Length;
        foreach (var c in text)
        {
            if (char.IsLowSurrogate(c))
                length--;
        }
        return length;
    }

    // The index in UTF-16 of a code point.
    private static int ToUtf16(string text, long index)
    {
        var at = 0;
        for (; index > 0 && at < text.Length; index--)
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
        return at;
    }

    private static CelValue OutOfRange(long index) => CelValue.Error($"index out of range: {index}");

    private static CelValue CharAt(string text, long index)
    {
        var length = Length(text);
        if (index < 0 || index > length)
            return OutOfRange(index);
        if (index == length)
            return CelValue.Of("");
        var at = ToUtf16(text, index);
        return CelValue.Of(text[at..ToUtf16(text, index + 1)]);
    }

    private static CelValue IndexOf(string text, string sought, long offset)
    {
        if (offset < 0)
            return OutOfRange(offset);
        var length = Length(text);
        if (sought.Length == 0)
            return CelValue.Of(Math.Min(offset, length));
        if (offset >= length)
            return CelValue.Of(-1L);
        var at = text.IndexOf(sought, ToUtf16(text, offset), StringComparison.Ordinal);
        return CelValue.Of(at < 0 ? -1L : Length(text[..at]));
    }

    private static CelValue LastIndexOf(string text, string sought, long offset)
    {
        if (offset < 0)
            return OutOfRange(offset);
        var length = Length(text);
        if (sought.Length == 0)
            return CelValue.Of(Math.Min(offset, length));
        if (offset >= length)
            return CelValue.Of(-1L);
        var last = Math.Min(ToUtf16(text, offset), text.Length - sought.Length);
        for (var at = last; at >= 0; at--)
        {
            if (string.CompareOrdinal(text, at, sought, 0, sought.Length) == 0)
                return CelValue.Of((long)Length(text[..at]));
        }
        return CelValue.Of(-1L);
    }

    private static string Ascii(string text, Func<char, char> change) =>
        string.Create(text.Length, (text, change), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = state.text[i] < 0x80 ? state.change(state.text[i]) : state.text[i];
        });

    private static string Replace(string text, string old, string replacement, long count)
    {
        if (count == 0 || old == replacement)
            return text;
        if (old.Length > 0 && count < 0)
            return text.Replace(old, replacement, StringComparison.Ordinal);
        var result = new StringBuilder();
        var at = 0;
        if (old.Length == 0)
        {
            // Nothing is found before every character, and at the end.
            foreach (var rune in text.EnumerateRunes())
            {
                if (count-- != 0)
                    result.Append(replacement);
                else
                    return result.Append(text.AsSpan(at)).ToString();
                result.Append(rune.ToString());
                at += rune.Utf16SequenceLength;
            }
            return count == 0 ? result.ToString() : result.Append(replacement).ToString();
        }
        while (count-- > 0)
        {
            var found = text.IndexOf(old, at, StringComparison.Ordinal);
            if (found < 0)
                break;
            result.Append(text.AsSpan(at, found - at)).Append(replacement);
            at = found + old.Length;
        }
        return result.Append(text.AsSpan(at)).ToString();
    }

    private static CelValue Split(string text, string separator, long count)
    {
        if (count == 0)
            return CelValue.Of(CelList.Empty);
        var parts = new List<CelValue>();
        var at = 0;
        if (separator.Length == 0)
        {
            while (at < text.Length)
            {
                var next = count > 0 && parts.Count == count - 1 ? text.Length
                    : at + (char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1);
                parts.Add(CelValue.Of(text[at..next]));
                at = next;
            }
            return CelValue.Of(CelList.Of(parts));
        }
        while (count < 0 || parts.Count < count - 1)
        {
            var found = text.IndexOf(separator, at, StringComparison.Ordinal);
            if (found < 0)
                break;
            parts.Add(CelValue.Of(text[at..found]));
            at = found + separator.Length;
        }
        parts.Add(CelValue.Of(text[at..]));
        return CelValue.Of(CelList.Of(parts));
    }

    private static CelValue Substring(string text, long start, long end)
    {
        var length = Length(text);
        if (start < 0 || start > length)
            return OutOfRange(start);
        if (end < 0 || end > length)
            return OutOfRange(end);
        return CelValue.Of(text[ToUtf16(text, start)..ToUtf16(text, end)]);
    }

    private static CelValue Join(CelList list, string separator)
    {
        var result = new StringBuilder();
        for (var i = 0; i < list.Count; i++)
        {
            var element = list[i];
            if (element.Kind != CelKind.String)
                return CelValue.Error($"join: invalid input: {element}");
            if (i > 0)
                result.Append(separator);
            result.Append(element.AsString);
        }
        return CelValue.Of(result.ToString());
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\a' => quoted.Append("\\a"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\v' => quoted.Append("\\v"),
                '\\' => quoted.Append("\\\\"),
                '"' => quoted.Append("\\\""),
                _ => quoted.Append(rune.ToString()),
            };
        }
        return quoted.Append('"').ToString();
    }
}
