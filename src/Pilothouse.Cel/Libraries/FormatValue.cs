namespace Pilothouse.Cel;

/// <summary>A named format.</summary>
internal sealed class FormatValue(string name, ulong patternSize, Func<string, IReadOnlyList<string>> validate) : CelObject
{
    public override CelType Type => FormatLibrary.Type;

    /// <summary>How long a regular expression for it would be; a check is charged as one with that.</summary>
    public ulong PatternSize => patternSize;

    public IReadOnlyList<string> Validate(string text) => validate(text);

    public override bool EqualTo(CelObject other) => ReferenceEquals(this, other);

    public override string ToString() => name;
}
