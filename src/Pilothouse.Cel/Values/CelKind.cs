namespace Pilothouse.Cel;

/// <summary>What a value is at run time.</summary>
public enum CelKind : byte
{
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List,
    Map,
    Type,
    Optional,

    /// <summary>A value that only its functions understand: a quantity, an address, an authorizer.</summary>
    Object,

    /// <summary>No value: what went wrong.</summary>
    Error,
}
