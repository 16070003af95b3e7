namespace Pilothouse.Objects;

/// <summary>One term of a field selector: a field must be, or must not be, a value.</summary>
/// <param name="Field">The field's label, <c>spec.nodeName</c>.</param>
/// <param name="Value">The value, unescaped.</param>
/// <param name="Negated"><c>!=</c></param>
public sealed record FieldRequirement(string Field, string Value, bool Negated)
{
    public bool Matches(string actual) => (actual == Value) != Negated;

    public override string ToString() => $"{Field}{(Negated ? "!=" : "=")}{FieldSelector.Escape(Value)}";
}
