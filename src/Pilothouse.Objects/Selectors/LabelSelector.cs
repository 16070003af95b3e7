using System.Text.Json.Nodes;

namespace Pilothouse.Objects;

/// <summary>Which objects are meant, by their labels: all terms must hold. Immutable; matching allocates nothing.</summary>
public sealed class LabelSelector
{
    /// <summary>Selects every object.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Selects no object.</summary>
    public static LabelSelector Nothing { get; } = new([]) { IsNothing = true };

    private readonly LabelRequirement[] _requirements;

    internal LabelSelector(IEnumerable<LabelRequirement> requirements) =>
        _requirements = [.. requirements.OrderBy(r => r.Key, StringComparer.Ordinal)];

    /// <summary>The terms, sorted by key.</summary>
    public IReadOnlyList<LabelRequirement> Requirements => _requirements;

    public bool IsEverything => _requirements.Length == 0 && !IsNothing;

    public bool IsNothing { get; private init; }

    /// <summary>Reads the text form, <c>app=web,tier in (a,b),!old,weight&gt;5</c>; empty selects everything.</summary>
    public static Outcome<LabelSelector> Parse(string text) => LabelSelectorParser.Parse(text);

    /// <summary>
    /// Reads a <c>meta/v1 LabelSelector</c> field of an object: null selects nothing, an empty one everything. A faulty one
    /// fails with a 400 whose message has upstream's text.
    /// </summary>
    public static Outcome<LabelSelector> FromObject(JsonObject? selector)
    {
        if (selector is null)
            return Nothing;
        var requirements = new List<LabelRequirement>();
        foreach (var (key, value) in selector.Object("matchLabels") ?? [])
        {
            if (!LabelRequirements.Make(key, LabelOperator.In, [value.AsText() ?? ""]).TryGet(out var requirement, out var failure))
                return failure;
            requirements.Add(requirement);
        }
        foreach (var expression in selector.Objects("matchExpressions"))
        {
            LabelOperator? known = expression.Text("operator") switch
            {
                "In" => LabelOperator.In,
                "NotIn" => LabelOperator.NotIn,
                "Exists" => LabelOperator.Exists,
                "DoesNotExist" => LabelOperator.DoesNotExist,
                _ => null,
            };
            if (known is not { } @operator)
                return Status.BadRequest($"{GoText.Quote(expression.Text("operator") ?? "")} is not a valid label selector operator");
            var values = (expression.List("values") ?? []).Select(v => v.AsText() ?? "").ToArray();
            if (!LabelRequirements.Make(expression.Text("key") ?? "", @operator, values).TryGet(out var requirement, out var failure))
                return failure;
            requirements.Add(requirement);
        }
        return requirements.Count == 0 ? Everything : new LabelSelector(requirements);
    }

    /// <summary>Whether an object is selected.</summary>
    /// <param name="labels">Its labels as name, value, name, value …</param>
    public bool Matches(IReadOnlyList<string> labels)
    {
        foreach (var requirement in _requirements)
        {
            string? value = null;
            for (var i = 0; i + 1 < labels.Count; i += 2)
            {
                if (labels[i] == requirement.Key)
                {
                    value = labels[i + 1];
                    break;
                }
            }
            if (!requirement.Matches(value))
                return false;
        }
        return !IsNothing;
    }

    /// <summary>Whether an object with these labels (its <c>metadata.labels</c>; null for none) is selected.</summary>
    public bool Matches(JsonObject? labels)
    {
        foreach (var requirement in _requirements)
        {
            if (!requirement.Matches(labels?.Text(requirement.Key)))
                return false;
        }
        return !IsNothing;
    }

    public override string ToString() => string.Join(',', _requirements.Select(r => r.ToString()));
}
