namespace Pilothouse.Server.Registry;

/// <summary>What becomes of unknown and duplicate fields in a body.</summary>
internal enum FieldValidation
{
    /// <summary>They are dropped, and named in warnings.</summary>
    Warn,

    /// <summary>They are dropped.</summary>
    Ignore,

    /// <summary>The request is refused.</summary>
    Strict,
}
