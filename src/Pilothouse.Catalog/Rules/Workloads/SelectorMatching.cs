using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Label selectors of objects (matchLabels, matchExpressions) against labels, as validation asks it.</summary>
public static class SelectorMatching
{
    /// <summary>Whether the selector takes the labels; no selector takes nothing.</summary>
    public static bool Matches(JsonObject? selector, JsonObject? labels)
    {
        if (selector is null)
            return false;
        foreach (var (name, value) in selector.Object("matchLabels") ?? [])
        {
            if (labels?.Text(name) is not { } actual || actual != (value.AsText() ?? ""))
                return false;
        }
        return selector.Objects("matchExpressions").All(e => Matches(e, labels?.Text(e.Text("key") ?? "")));
    }

    /// <summary>Whether it asks for nothing, and so takes everything.</summary>
    public static bool IsEmpty(JsonObject selector) =>
        selector.Object("matchLabels") is not { Count: > 0 } && selector.List("matchExpressions") is not { Count: > 0 };

    private static bool Matches(JsonObject expression, string? value)
    {
        var values = expression.List("values")?.Select(v => v.AsText()) ?? [];
        return expression.Text("operator") switch
        {
            "In" => value is not null && values.Contains(value),
            "NotIn" => value is null || !values.Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }
}
