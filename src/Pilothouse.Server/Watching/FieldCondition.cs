namespace Pilothouse.Server.Watching;

/// <summary>One term of a field selector, with its label resolved to where the value is kept.</summary>
/// <param name="Field">An index into <see cref="CachedObject.Fields"/>, or one of the constants.</param>
/// <param name="Value">What is compared.</param>
/// <param name="Negated">The value must differ.</param>
internal readonly record struct FieldCondition(int Field, string Value, bool Negated)
{
    public const int Name = -1;
    public const int Namespace = -2;

    public bool Matches(CachedObject obj) => Negated != string.Equals(Value, ValueOf(obj));

    private string ValueOf(CachedObject obj) => Field switch
    {
        Name => obj.Name,
        Namespace => obj.Namespace,
        _ => obj.Fields[Field],
    };
}
