namespace Pilothouse.Catalog;

/// <summary>A column of the table in which kubectl shows objects of a kind.</summary>
/// <param name="Name">The head, <c>Ready</c>.</param>
/// <param name="Description">What it says, for whoever asks.</param>
/// <param name="Type">The OpenAPI type of the cells; upstream says <c>string</c> for some that hold numbers.</param>
/// <param name="Format">OpenAPI format; <c>name</c> marks the object's name.</param>
/// <param name="Priority">0 is always shown; 1 with <c>-o wide</c>.</param>
public sealed record TableColumn(string Name, string Description, string Type = "string", string Format = "", int Priority = 0)
{
    /// <summary>The object's name.</summary>
    public static TableColumn ObjectName { get; } = new("Name", "Name of the object, unique within its namespace or, without one, in the cluster.", Format: "name");

    /// <summary>How long ago the object was created.</summary>
    public static TableColumn Age { get; } = new("Age", "Time since the object was created.");

    /// <summary>A column of integers.</summary>
    public static TableColumn Integer(string name, string description) => new(name, description, "integer");

    /// <summary>A column of booleans.</summary>
    public static TableColumn Boolean(string name, string description) => new(name, description, "boolean");

    /// <summary>A column that is shown when asked for more.</summary>
    public static TableColumn Wide(string name, string description) => new(name, description, Priority: 1);
}
