namespace Pilothouse.Schemas;

/// <summary>
/// Fields that an endpoint never changes, whatever it is sent: nobody comes to own them there (upstream: GetResetFields of a
/// strategy). Either some are left out, or only some are let in.
/// </summary>
public sealed class FieldFilter
{
    private readonly FieldSet? _excluded;
    private readonly FieldPattern? _included;

    private FieldFilter(FieldSet? excluded, FieldPattern? included)
    {
        _excluded = excluded;
        _included = included;
    }

    /// <summary>Leaves out fields, and all below them.</summary>
    public static FieldFilter Excluding(params ReadOnlySpan<string[]> paths) => new(FieldSet.OfFields(paths), null);

    /// <summary>Lets in nothing but fields that match.</summary>
    public static FieldFilter Including(params ReadOnlySpan<string[]> paths) => new(null, FieldPattern.Of(paths));

    internal FieldSet Apply(FieldSet set) =>
        _excluded is not null ? set.RecursiveDifference(_excluded)
        : _included is not null ? set.Matching(_included)
        : set;
}
