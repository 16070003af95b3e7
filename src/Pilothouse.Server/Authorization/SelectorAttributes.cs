using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>Reads selectors for authorization.</summary>
public static class SelectorAttributes
{
    /// <summary>A field selector in text form; null when it selects everything.</summary>
    public static SelectorAttribute<FieldRequirement>? Fields(string text) =>
        text.Length == 0 ? null
        : !FieldSelector.Parse(text).TryGet(out var selector, out _) ? new([], HasParseError: true)
        : selector.IsEverything ? null
        : new(selector.Requirements);

    /// <summary>A label selector in text form; null when it selects everything.</summary>
    public static SelectorAttribute<LabelRequirement>? Labels(string text) =>
        text.Length == 0 ? null
        : !LabelSelector.Parse(text).TryGet(out var selector, out _) ? new([], HasParseError: true)
        : selector.IsEverything ? null
        : new(selector.Requirements);
}
