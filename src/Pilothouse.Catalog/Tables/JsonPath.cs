using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>
/// A JSON path as definitions of custom resources have them (client-go's jsonpath, without templates around it): fields, indexes,
/// slices, wildcards, descent, unions and filters. What is missing on the way is no error and gives nothing.
/// </summary>
public sealed class JsonPath
{
    private readonly IReadOnlyList<IStep> _steps;

    private JsonPath(IReadOnlyList<IStep> steps) => _steps = steps;

    private interface IStep
    {
        void Take(JsonElement from, List<JsonElement> into);
    }

    /// <summary>Reads a path such as <c>.spec.containers[*].name</c>; null when it is none.</summary>
    public static JsonPath? TryParse(string text)
    {
        var parser = new Parser(text);
        return parser.Read() is { } steps ? new(steps) : null;
    }

    /// <summary>All that the path leads to.</summary>
    public IReadOnlyList<JsonElement> Find(JsonElement root)
    {
        List<JsonElement> found = [root];
        foreach (var step in _steps)
        {
            var next = new List<JsonElement>();
            foreach (var element in found)
                step.Take(element, next);
            found = next;
        }
        return found;
    }

    private sealed record Field(string Name) : IStep
    {
        public void Take(JsonElement from, List<JsonElement> into)
        {
            if (from.ValueKind == JsonValueKind.Object && from.TryGetProperty(Name, out var value))
                into.Add(value);
        }
    }

    private sealed record Everything : IStep
    {
        public void Take(JsonElement from, List<JsonElement> into)
        {
            if (from.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in from.EnumerateObject())
                    into.Add(property.Value);
            }
            else if (from.ValueKind == JsonValueKind.Array)
            {
                into.AddRange(from.EnumerateArray());
            }
        }
    }

    /// <summary>The value itself and everything below it.</summary>
    private sealed record Descent : IStep
    {
        public void Take(JsonElement from, List<JsonElement> into)
        {
            into.Add(from);
            var below = new List<JsonElement>();
            new Everything().Take(from, below);
            foreach (var element in below)
                Take(element, into);
        }
    }

    private sealed record Slice(int? From, int? To, int By) : IStep
    {
        public void Take(JsonElement from, List<JsonElement> into)
        {
            if (from.ValueKind != JsonValueKind.Array)
                return;
            var length = from.GetArrayLength();
            var start = From is { } first ? (first < 0 ? first + length : first) : 0;
            var end = To is { } last ? (last < 0 ? last + length : last) : length;
            if (start < 0 || By <= 0)
                return;
            for (var i = start; i < Math.Min(end, length); i += By)
                into.Add(from[i]);
        }
    }

    private sealed record Index(int At) : IStep
    {
        public void Take(JsonElement from, List<JsonElement> into)
        {
            if (from.ValueKind != JsonValueKind.Array)
                return;
            var length = from.GetArrayLength();
            var at = At < 0 ? At + length : At;
            if (at >= 0 && at < length)
                into.Add(from[at]);
        }
    }

    private sealed record Union(IReadOnlyList<IStep> Parts) : IStep
    {
        public void Take(JsonElement from, List<JsonElement> into)
        {
            foreach (var part in Parts)
                part.Take(from, into);
        }
    }

    private sealed record Filter(Operand Left, string Operator, Operand? Right) : IStep
    {
        public void Take(JsonElement from, List<JsonElement> into)
        {
            if (from.ValueKind != JsonValueKind.Array)
                return;
            foreach (var element in from.EnumerateArray())
            {
                if (Holds(element))
                    into.Add(element);
            }
        }

        private bool Holds(JsonElement element)
        {
            var left = Left.Value(element);
            if (Operator.Length == 0)
                return left is not null;
            if (left is not { } mine || Right!.Value(element) is not { } theirs)
                return false;
            if (Compare(mine, theirs) is not { } order)
                return false;
            return Operator switch
            {
                "==" => order == 0,
                "!=" => order != 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
        }

        private static int? Compare(JsonElement left, JsonElement right) => (left.ValueKind, right.ValueKind) switch
        {
            (JsonValueKind.Number, JsonValueKind.Number) => left.GetDouble().CompareTo(right.GetDouble()),
            (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(left.GetString(), right.GetString()),
            (JsonValueKind.True or JsonValueKind.False, JsonValueKind.True or JsonValueKind.False) =>
                (left.ValueKind == JsonValueKind.True).CompareTo(right.ValueKind == JsonValueKind.True),
            _ => null,
        };
    }

    /// <summary>A side of a comparison: a path from the element, or a literal.</summary>
    private sealed record Operand(JsonPath? Path, JsonElement Literal)
    {
        public JsonElement? Value(JsonElement element)
        {
            if (Path is null)
                return Literal;
            var found = Path.Find(element);
            return found.Count == 0 ? null : found[0];
        }
    }

    private ref struct Parser(string text)
    {
        private readonly ReadOnlySpan<char> _text = text.AsSpan().Trim();
        private int _at;

        public List<IStep>? Read()
        {
            var steps = new List<IStep>();
            if (_at < _text.Length && _text[_at] is '$' or '@')
                _at++;
            while (_at < _text.Length)
            {
                if (!ReadStep(steps))
                    return null;
            }
            return steps;
        }

        private bool ReadStep(List<IStep> steps)
        {
            if (_text[_at] == '[')
                return ReadBracket(steps);
            if (_text[_at] != '.')
                return false;
            _at++;
            if (_at < _text.Length && _text[_at] == '.')
            {
                steps.Add(new Descent());
                _at++;
            }
            if (_at >= _text.Length)
                return steps.Count == 0;
            if (_text[_at] == '[')
                return ReadBracket(steps);
            if (_text[_at] == '*')
            {
                _at++;
                steps.Add(new Everything());
                return true;
            }
            var name = new StringBuilder();
            while (_at < _text.Length && _text[_at] is not ('.' or '['))
            {
                if (_text[_at] == '\\' && _at + 1 < _text.Length)
                    _at++;
                name.Append(_text[_at++]);
            }
            if (name.Length == 0)
                return false;
            steps.Add(new Field(name.ToString()));
            return true;
        }

        private bool ReadBracket(List<IStep> steps)
        {
            var end = EndOfBracket();
            if (end < 0)
                return false;
            var inner = _text[(_at + 1)..end].Trim();
            _at = end + 1;
            if (inner.StartsWith("?("))
                return inner.EndsWith(")") && ReadFilter(inner[2..^1].ToString()) is { } filter && Add(steps, filter);
            var parts = new List<IStep>();
            foreach (var part in Split(inner.ToString()))
            {
                if (ReadPart(part.Trim()) is not { } step)
                    return false;
                parts.Add(step);
            }
            return Add(steps, parts.Count == 1 ? parts[0] : new Union(parts));
        }

        private static bool Add(List<IStep> steps, IStep step)
        {
            steps.Add(step);
            return true;
        }

        private readonly int EndOfBracket()
        {
            var depth = 0;
            var quote = '\0';
            for (var i = _at; i < _text.Length; i++)
            {
                var c = _text[i];
                if (quote != '\0')
                {
                    if (c == quote)
                        quote = '\0';
                }
                else if (c is '\'' or '"')
                {
                    quote = c;
                }
                else if (c == '[')
                {
                    depth++;
                }
                else if (c == ']' && --depth == 0)
                {
                    return i;
                }
            }
            return -1;
        }

        private static List<string> Split(string text)
        {
            var parts = new List<string>();
            var quote = '\0';
            var start = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (quote != '\0')
                    quote = text[i] == quote ? '\0' : quote;
                else if (text[i] is '\'' or '"')
                    quote = text[i];
                else if (text[i] == ',')
                {
                    parts.Add(text[start..i]);
                    start = i + 1;
                }
            }
            parts.Add(text[start..]);
            return parts;
        }

        private static IStep? ReadPart(string part)
        {
            if (part == "*")
                return new Everything();
            if (part.Length >= 2 && part[0] is '\'' or '"' && part[^1] == part[0])
                return new Field(part[1..^1]);
            if (Number(part) is { } index)
                return new Index(index);
            var bounds = part.Split(':');
            if (bounds.Length is < 2 or > 3 || bounds.Any(b => b.Length > 0 && Number(b) is null))
                return null;
            return new Slice(Number(bounds[0]), Number(bounds[1]), bounds.Length == 3 ? Number(bounds[2]) ?? 1 : 1);
        }

        private static Filter? ReadFilter(string text)
        {
            foreach (var comparison in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">"])
            {
                var at = text.IndexOf(comparison, StringComparison.Ordinal);
                if (at < 0)
                    continue;
                return ReadOperand(text[..at].Trim()) is { } left && ReadOperand(text[(at + comparison.Length)..].Trim()) is { } right
                    ? new(left, comparison, right)
                    : null;
            }
            return ReadOperand(text.Trim()) is { } alone ? new(alone, "", null) : null;
        }

        private static Operand? ReadOperand(string text)
        {
            if (text.StartsWith('@'))
                return TryParse(text) is { } path ? new(path, default) : null;
            if (text.Length >= 2 && text[0] is '\'' or '"' && text[^1] == text[0])
                text = $"\"{JsonEncodedText.Encode(text[1..^1])}\"";
            try
            {
                using var document = JsonDocument.Parse(text);
                return new(null, document.RootElement.Clone());
            }
            catch (JsonException)
            {
                return null;
            }
        }

        private static int? Number(string text) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
