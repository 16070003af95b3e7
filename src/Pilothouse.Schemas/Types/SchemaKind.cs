namespace Pilothouse.Schemas;

/// <summary>What JSON a type stands for, and how Go reads it.</summary>
public enum SchemaKind
{
    /// <summary>An object with known properties (a Go struct).</summary>
    Struct,

    /// <summary>An object whose values share a type.</summary>
    Map,
    List,
    String,
    Integer,
    Number,
    Boolean,

    /// <summary>A base64 string, <c>[]byte</c> in Go.</summary>
    Bytes,
    Quantity,
    IntOrString,

    /// <summary>RFC 3339 in seconds.</summary>
    Time,

    /// <summary>RFC 3339 with six digits.</summary>
    MicroTime,

    /// <summary>A Go duration string.</summary>
    Duration,

    /// <summary>Any JSON value, kept as it is.</summary>
    Any,

    /// <summary>Any JSON object that is itself a whole object with apiVersion and kind, kept as it is (RawExtension).</summary>
    Embedded,
}
