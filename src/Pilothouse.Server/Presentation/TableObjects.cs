namespace Pilothouse.Server.Presentation;

/// <summary>How much of an object goes with its row in a table: the query's <c>includeObject</c>.</summary>
public enum TableObjects
{
    /// <summary>Its metadata.</summary>
    Metadata,

    /// <summary>All of it.</summary>
    Object,

    /// <summary>Nothing.</summary>
    None,
}
