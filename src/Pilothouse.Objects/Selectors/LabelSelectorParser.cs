using System.Buffers;

namespace Pilothouse.Objects;

/// <summary>Reads the text form of label selectors, by the grammar of apimachinery's labels.Parse, with its error texts.</summary>
internal ref struct LabelSelectorParser
{
    private const string ExpectedOperators = "in, notin, =, ==, !=, gt, lt";
    private static readonly SearchValues<char> Separators = SearchValues.Create(",()=<>! \t\r\n\0");
    private static readonly SearchValues<char> Whitespace = SearchValues.Create(" \t\r\n");

    private readonly string _text;
    private int _position;

    private LabelSelectorParser(string text) => _text = text;

    public static Outcome<LabelSelector> Parse(string text)
    {
        if (text.Length == 0)
            return LabelSelector.Everything;
        var requirements = new List<LabelRequirement>();
        return new LabelSelectorParser(text).Requirements(requirements) is { } error ? Status.BadRequest(error)
            : requirements.Count == 0 ? LabelSelector.Everything
            : new LabelSelector(requirements);
    }

    private string? Requirements(List<LabelRequirement> requirements)
    {
        while (true)
        {
            var start = Peek();
            if (start.IsEnd)
                return null;
            if (!start.IsIdentifier && !start.Is("!"))
                return $"found '{start.Text}', expected: !, identifier, or 'end of string'";
            if (!Requirement().TryGet(out var requirement, out var failure))
                return $"unable to parse requirement: {failure.Message}";
            requirements.Add(requirement);
            var behind = Next();
            if (behind.IsEnd)
                return null;
            if (!behind.Is(","))
                return $"found '{behind.Text}', expected: ',' or 'end of string'";
            var following = Peek();
            if (!following.IsIdentifier && !following.Is("!"))
                return $"found '{following.Text}', expected: identifier after ','";
        }
    }

    private Outcome<LabelRequirement> Requirement()
    {
        var token = Next();
        var negated = token.Is("!");
        if (negated)
            token = Next();
        if (!token.IsIdentifier)
            return Status.BadRequest($"found '{token.Text}', expected: identifier");
        var key = token.Text;
        if (LabelRequirements.KeyError(key) is { } error)
            return Status.BadRequest(error);
        if (negated)
            return LabelRequirements.Make(key, LabelOperator.DoesNotExist, []);
        var behind = Peek();
        if (behind.IsEnd || behind.Is(","))
            return LabelRequirements.Make(key, LabelOperator.Exists, []);

        token = Next();
        LabelOperator? known = token.Text switch
        {
            "in" or "=" or "==" => LabelOperator.In,
            "notin" or "!=" => LabelOperator.NotIn,
            ">" => LabelOperator.GreaterThan,
            "<" => LabelOperator.LessThan,
            _ => null,
        };
        if (known is not { } @operator)
            return Status.BadRequest($"found '{token.Text}', expected: {ExpectedOperators}");
        if (!(token.IsIdentifier ? ValueList() : SingleValue()).TryGet(out var values, out var failure))
            return failure;
        return LabelRequirements.Make(key, @operator, values);
    }

    /// <summary>What stands behind <c>=</c> and its like: one value, or nothing.</summary>
    private Outcome<string[]> SingleValue()
    {
        var token = Peek();
        if (token.IsEnd || token.Is(","))
            return new[] { "" };
        token = Next();
        return token.IsIdentifier ? new[] { token.Text } : Status.BadRequest($"found '{token.Text}', expected: identifier");
    }

    /// <summary>A list in parentheses. Values may be left out: <c>(,a)</c> and <c>()</c> hold the empty one.</summary>
    private Outcome<string[]> ValueList()
    {
        var open = Next();
        if (!open.Is("("))
            return Status.BadRequest($"found '{open.Text}' expected: '('");
        var values = new SortedSet<string>(StringComparer.Ordinal);
        var first = Peek();
        if (first.Is(")"))
        {
            Next();
            return new[] { "" };
        }
        if (!first.IsIdentifier && !first.Is(","))
            return Status.BadRequest($"found '{first.Text}', expected: ',', ')' or identifier");
        while (true)
        {
            var token = Next();
            if (token.IsIdentifier)
            {
                values.Add(token.Text);
                var behind = Peek();
                if (behind.Is(")"))
                    break;
                if (!behind.Is(","))
                    return Status.BadRequest($"found '{behind.Text}', expected: ',' or ')'");
            }
            else if (token.Is(","))
            {
                if (values.Count == 0)
                    values.Add("");
                var behind = Peek();
                if (behind.Is(")"))
                {
                    values.Add("");
                    break;
                }
                if (behind.Is(","))
                {
                    Next();
                    values.Add("");
                }
            }
            else
            {
                return Status.BadRequest($"found '{token.Text}', expected: ',', or identifier");
            }
        }
        Next();
        return values.ToArray();
    }

    private readonly Token Peek()
    {
        var ahead = this;
        return ahead.Next();
    }

    private Token Next()
    {
        var rest = _text.AsSpan(_position);
        var blanks = rest.IndexOfAnyExcept(Whitespace);
        // A NUL ends the text, as it does where this grammar comes from.
        if (blanks < 0 || rest[blanks] == '\0')
            return new("", false);
        _position += blanks;
        rest = rest[blanks..];
        var length = rest.IndexOfAny(Separators);
        if (length < 0)
            length = rest.Length;
        var identifier = length > 0;
        if (!identifier)
            length = rest.StartsWith("==") || rest.StartsWith("!=") ? 2 : 1;
        var text = _text.Substring(_position, length);
        _position += length;
        return new(text, identifier);
    }

    private readonly record struct Token(string Text, bool IsIdentifier)
    {
        public bool IsEnd => Text.Length == 0;

        public bool Is(string symbol) => !IsIdentifier && Text == symbol;
    }
}
