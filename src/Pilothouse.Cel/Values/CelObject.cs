namespace Pilothouse.Cel;

/// <summary>A value that is opaque to the language and has meaning to functions only.</summary>
public abstract class CelObject
{
    public abstract CelType Type { get; }

    /// <summary>The size that counts when cost is reckoned.</summary>
    public virtual long Size => 1;

    /// <summary>Whether the two are equal; <paramref name="other"/> is of the same class.</summary>
    public abstract bool EqualTo(CelObject other);

    public virtual int Hash() => 0;
}
