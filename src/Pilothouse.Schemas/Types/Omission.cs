namespace Pilothouse.Schemas;

/// <summary>When a property is left out of an encoded object (Go's <c>omitempty</c> and <c>omitzero</c>).</summary>
public enum Omission
{
    /// <summary>Always written; null when there is nothing, {} for a struct that is no pointer.</summary>
    Never,

    /// <summary>Left out when "", 0, false, or an empty list or map; a struct that is no pointer is always written.</summary>
    Empty,

    /// <summary>Left out when zero, structs too.</summary>
    Zero,
}
