namespace Pilothouse.Cel;

/// <summary>A step on the way to a question: none of them is equal to another.</summary>
internal abstract class AuthorizationValue(CelType type) : CelObject
{
    public override CelType Type => type;

    public override bool EqualTo(CelObject other) => ReferenceEquals(this, other);
}
