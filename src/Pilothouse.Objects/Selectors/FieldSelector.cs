using System.Text;

namespace Pilothouse.Objects;

/// <summary>
/// Which objects are meant, by some of their fields: all terms must hold. Which labels a resource knows is not checked here.
/// </summary>
public sealed class FieldSelector
{
    /// <summary>Selects every object.</summary>
    public static FieldSelector Everything { get; } = new([]);

    private FieldSelector(IReadOnlyList<FieldRequirement> requirements) => Requirements = requirements;

    /// <summary>The terms, in the order of their texts.</summary>
    public IReadOnlyList<FieldRequirement> Requirements { get; }

    public bool IsEverything => Requirements.Count == 0;

    /// <summary>
    /// Reads the text form, <c>metadata.name=web,status.phase!=Running</c>; in values <c>\,</c>, <c>\=</c> and <c>\\</c> stand for
    /// those characters. Empty selects everything.
    /// </summary>
    public static Outcome<FieldSelector> Parse(string text)
    {
        var requirements = new List<FieldRequirement>();
        foreach (var term in Terms(text).Order(StringComparer.Ordinal))
        {
            if (term.Length == 0)
                continue;
            var equals = term.IndexOf('=');
            if (equals < 0)
                return Status.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
            var negated = equals > 0 && term[equals - 1] == '!';
            var valueStart = equals + (!negated && equals + 1 < term.Length && term[equals + 1] == '=' ? 2 : 1);
            if (!Unescape(term[valueStart..]).TryGet(out var value, out var failure))
                return failure;
            requirements.Add(new(term[..(negated ? equals - 1 : equals)], value, negated));
        }
        return requirements.Count == 0 ? Everything : new FieldSelector(requirements);
    }

    /// <summary>The only value that a field can have in what is selected; null when the selector does not say.</summary>
    public string? RequiredValue(string field) => Requirements.FirstOrDefault(r => !r.Negated && r.Field == field)?.Value;

    /// <summary>A value as it must be written in a selector.</summary>
    public static string Escape(string value) =>
        value.AsSpan().ContainsAny('\\', ',', '=') ? value.Replace(@"\", @"\\").Replace(",", @"\,").Replace("=", @"\=") : value;

    public override string ToString() => string.Join(',', Requirements.Select(r => r.ToString()));

    private static List<string> Terms(string text)
    {
        var terms = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == ',')
            {
                terms.Add(text[start..i]);
                start = i + 1;
            }
        }
        terms.Add(text[start..]);
        return terms;
    }

    private static Outcome<string> Unescape(string text)
    {
        if (!text.AsSpan().ContainsAny('\\', ',', '='))
            return text;
        var value = new StringBuilder(text.Length);
        var escaped = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (escaped)
            {
                if (rune.Value is not ('\\' or ',' or '='))
                    return Status.BadRequest($@"invalid field selector: invalid escape sequence: \{rune}");
                value.Append(rune.ToString());
                escaped = false;
            }
            else if (rune.Value == '\\')
            {
                escaped = true;
            }
            else if (rune.Value is ',' or '=')
            {
                // Upstream prints the character's number.
                return Status.BadRequest($"invalid field selector: unescaped character in value: {rune.Value}");
            }
            else
            {
                value.Append(rune.ToString());
            }
        }
        return escaped ? Status.BadRequest(@"invalid field selector: invalid escape sequence: \") : value.ToString();
    }
}
