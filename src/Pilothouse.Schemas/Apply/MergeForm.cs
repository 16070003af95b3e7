namespace Pilothouse.Schemas;

/// <summary>How a value is taken apart when objects are merged or compared.</summary>
internal enum MergeForm
{
    Scalar,
    List,
    Map,

    /// <summary>Whatever it is, it counts as one.</summary>
    Opaque,

    /// <summary>No schema: maps are merged by key, lists count as one.</summary>
    Deduced,
}
