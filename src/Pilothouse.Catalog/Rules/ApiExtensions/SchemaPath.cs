using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Paths to fields and values of maps (<c>.spec.a['b.c']</c>) that a schema must know.</summary>
internal static class SchemaPath
{
    private const string Unknown = "does not refer to a valid field";
    private const string Unfinished = "unexpected end of JSON path";

    /// <summary>Finds what a path leads to.</summary>
    /// <param name="text">The path.</param>
    /// <param name="schema">Where it begins.</param>
    /// <param name="arrayNotation">Names may be in brackets.</param>
    /// <returns>The path in normal form, its first name and the schema found; or what is wrong with it.</returns>
    public static (string Path, string First, JsonObject? Schema, string? Fault) Find(string text, JsonObject? schema, bool arrayNotation)
    {
        var path = new StringBuilder();
        var first = "";
        var tokens = new Tokens(text);
        while (tokens.Next() is { } token)
        {
            string name;
            if (token == "[" && !arrayNotation)
                return Wrong("array notation is not allowed");
            if (token == "[")
            {
                if (tokens.Next() is not { } quoted)
                    return Wrong(Unfinished);
                if (quoted.Length < 2 || quoted[0] != '\'' || quoted[^1] != '\'')
                    return Wrong($"expected single quoted string but got {quoted}");
                if (Unescape(quoted[1..^1], out name) is { } fault)
                    return Wrong($"invalid string literal: {fault}");
            }
            else if (token == ".")
            {
                if (tokens.Next() is not { } bare)
                    return Wrong(Unfinished);
                name = bare;
            }
            else
            {
                return Wrong($"expected [ or . but got: {token}");
            }
            if (schema.Object("properties") is { Count: > 0 })
            {
                schema = schema.Property(name);
                path.Append(path.Length > 0 ? "." : "").Append(name);
                if (schema is null)
                    return Wrong(Unknown);
            }
            else if (schema?.Has("additionalProperties") == true)
            {
                schema = schema.Object("additionalProperties");
                path.Append('[').Append(name).Append(']');
            }
            else
            {
                return Wrong(Unknown);
            }
            first = first.Length == 0 ? name : first;
            if (token == "[")
            {
                if (tokens.Next() is not { } end)
                    return Wrong(Unfinished);
                if (end != "]")
                    return Wrong($"expected ] but got {end}");
            }
        }
        return (path.ToString(), first, schema, null);

        static (string, string, JsonObject?, string?) Wrong(string fault) => ("", "", null, fault);
    }

    private static string? Unescape(string text, out string unescaped)
    {
        var result = new StringBuilder();
        unescaped = "";
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }
            var escape = text[++i];
            var at = "abfnrtv'\\".IndexOf(escape);
            if (at < 0)
                return $"invalid escape char \\{escape}";
            result.Append("\a\b\f\n\r\t\v'\\"[at]);
        }
        unescaped = result.ToString();
        return null;
    }

    /// <summary>"." and brackets are tokens, and so is what stands between them; a text in quotes goes on to its end.</summary>
    private struct Tokens(string text)
    {
        private int _at;

        public string? Next()
        {
            if (_at == text.Length)
                return null;
            var start = _at;
            if (text[start] == '\'')
            {
                for (_at++; _at < text.Length; _at++)
                {
                    if (text[_at] == '\'' && text[_at - 1] != '\\')
                        return text[start..++_at];
                }
                return text[start..];
            }
            if (text[start] is '.' or '[' or ']')
                return text[start..++_at];
            while (_at < text.Length && text[_at] is not ('.' or '[' or ']'))
                _at++;
            return text[start.._at];
        }
    }
}
