using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>
/// A JSON path as definitions of custom resources have them (client-go's jsonpath, without templates around it): fields, indexes,
/// slices, wildcards, descent, unions and filters. What is missing on the way is no error and gives nothing.
/// </summary>
/// <remarks>
/// Both the path and the object are a client's, so neither may cost without end. Filters nested more than <see cref="MaxNesting"/>
/// deep are no path. A step gives at most <see cref="MostFound"/> elements, the first ones; and a search that has looked at
/// <see cref="MostVisits"/> values, those in filters included, takes nothing more.
/// </remarks>
public sealed class JsonPath
{
    /// <summary>How deeply filters may stand in filters.</summary>
    public const int MaxNesting = 16;

    /// <summary>How many elements a step gives at most.</summary>
    public const int MostFound = 10_000;

    /// <summary>How many values a search looks at, at most.</summary>
    public const int MostVisits = 1_000_000;

    private readonly IReadOnlyList<IStep> _steps;

    private JsonPath(IReadOnlyList<IStep> steps) => _steps = steps;

    private interface IStep
    {
        void Take(JsonElement from, Found into);
    }

    /// <summary>Reads a path such as <c>.spec.containers[*].name</c>; null when it is none.</summary>
    public static JsonPath? TryParse(string text) => TryParse(text, 0);

    private static JsonPath? TryParse(string text, int nesting)
    {
        if (nesting > MaxNesting)
            return null;
        var parser = new Parser(text, nesting);
        return parser.Read() is { } steps ? new(steps) : null;
    }

    /// <summary>What the path leads to, in order.</summary>
    public IReadOnlyList<JsonElement> Find(JsonElement root) => Find(root, new Visits());

    private List<JsonElement> Find(JsonElement root, Visits visits)
    {
        List<JsonElement> found = [root];
        foreach (var step in _steps)
        {
            var next = new Found(visits);
            foreach (var element in found)
            {
                if (next.IsFull || !visits.Pay(1))
                    break;
                step.Take(element, next);
            }
            found = next.Elements;
        }
        return found;
    }

    /// <summary>What a search may still look at.</summary>
    private sealed class Visits
    {
        private int _left = MostVisits;

        /// <summary>Takes so many from what is left; false, and nothing is left, when there are not so many.</summary>
        public bool Pay(int visits)
        {
            _left = visits > _left ? 0 : _left - visits;
            return _left > 0;
        }
    }

    /// <summary>What a step gives.</summary>
    private sealed class Found(Visits visits)
    {
        public List<JsonElement> Elements { get; } = [];

        public bool IsFull => Elements.Count == MostFound;

        public Visits Visits => visits;

        /// <summary>Takes an element; false when no more are wanted.</summary>
        public bool Add(JsonElement element)
        {
            if (IsFull || !visits.Pay(1))
                return false;
            Elements.Add(element);
            return true;
        }
    }

    private sealed record Field(string Name) : IStep
    {
        public void Take(JsonElement from, Found into)
        {
            // A property is looked for one by one.
            if (from.ValueKind == JsonValueKind.Object && into.Visits.Pay(from.GetPropertyCount()) && from.TryGetProperty(Name, out var value))
                into.Add(value);
        }
    }

    private sealed record Everything : IStep
    {
        public void Take(JsonElement from, Found into)
        {
            foreach (var element in Below(from))
            {
                if (!into.Add(element))
                    return;
            }
        }

        public static IEnumerable<JsonElement> Below(JsonElement from) => from.ValueKind switch
        {
            JsonValueKind.Object => from.EnumerateObject().Select(p => p.Value),
            JsonValueKind.Array => from.EnumerateArray(),
            _ => [],
        };
    }

    /// <summary>The value itself and everything below it.</summary>
    private sealed record Descent : IStep
    {
        public void Take(JsonElement from, Found into) => Descend(from, into);

        private static bool Descend(JsonElement from, Found into) =>
            into.Add(from) && Everything.Below(from).All(element => Descend(element, into));
    }

    private sealed record Slice(int? From, int? To, int By) : IStep
    {
        public void Take(JsonElement from, Found into)
        {
            if (from.ValueKind != JsonValueKind.Array)
                return;
            var length = from.GetArrayLength();
            var start = From is { } first ? (first < 0 ? first + length : first) : 0;
            var end = To is { } last ? (last < 0 ? last + length : last) : length;
            if (start < 0 || By <= 0)
                return;
            // Elements are passed one by one: an index into a JsonElement's list counts from its start each time.
            long next = start;
            var at = 0;
            foreach (var element in from.EnumerateArray())
            {
                if (at >= end || !into.Visits.Pay(1))
                    return;
                if (at++ != next)
                    continue;
                if (!into.Add(element))
                    return;
                next += By;
            }
        }
    }

    private sealed record Index(int At) : IStep
    {
        public void Take(JsonElement from, Found into)
        {
            if (from.ValueKind != JsonValueKind.Array)
                return;
            var length = from.GetArrayLength();
            var at = At < 0 ? At + length : At;
            if (at >= 0 && at < length && into.Visits.Pay(at))
                into.Add(from[at]);
        }
    }

    private sealed record Union(IReadOnlyList<IStep> Parts) : IStep
    {
        public void Take(JsonElement from, Found into)
        {
            foreach (var part in Parts)
            {
                if (into.IsFull || !into.Visits.Pay(1))
                    return;
                part.Take(from, into);
            }
        }
    }

    private sealed record Filter(Operand Left, string Operator, Operand? Right) : IStep
    {
        public void Take(JsonElement from, Found into)
        {
            if (from.ValueKind != JsonValueKind.Array)
                return;
            foreach (var element in from.EnumerateArray())
            {
                if (into.IsFull || !into.Visits.Pay(1))
                    return;
                if (Holds(element, into.Visits))
                    into.Add(element);
            }
        }

        private bool Holds(JsonElement element, Visits visits)
        {
            var left = Left.Value(element, visits);
            if (Operator.Length == 0)
                return left is not null;
            if (left is not { } mine || Right!.Value(element, visits) is not { } theirs)
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
        public JsonElement? Value(JsonElement element, Visits visits)
        {
            if (Path is null)
                return Literal;
            var found = Path.Find(element, visits);
            return found.Count == 0 ? null : found[0];
        }
    }

    private ref struct Parser(string text, int nesting)
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

        private readonly Filter? ReadFilter(string text)
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

        private readonly Operand? ReadOperand(string text)
        {
            if (text.StartsWith('@'))
                return TryParse(text, nesting + 1) is { } path ? new(path, default) : null;
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
