namespace Pilothouse.Cel;

/// <summary>What a type of the checker is.</summary>
public enum CelTypeKind
{
    Dyn,
    Error,
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

    /// <summary>The type of types.</summary>
    Type,

    /// <summary>A named type with parameters that has no fields, like <c>optional_type</c> or <c>net.IP</c>.</summary>
    Opaque,

    /// <summary>A type with declared fields.</summary>
    Struct,

    /// <summary>A variable of a function's signature.</summary>
    TypeParameter,
}
