namespace Pilothouse.Cel;

/// <summary>How large values may be: what a schema says about it.</summary>
public interface ICelSizes
{
    /// <summary>The size, as <c>size()</c> counts it, of what is found at a place; null when the schema does not say.</summary>
    /// <param name="path">
    /// A variable, then names of fields, and <c>@items</c>, <c>@keys</c>, <c>@values</c>, <c>@indices</c>; empty for a value
    /// that is computed.
    /// </param>
    /// <param name="type">The value's type.</param>
    CelRange? Estimate(IReadOnlyList<string> path, CelType type);
}
