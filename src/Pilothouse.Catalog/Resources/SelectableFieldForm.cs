namespace Pilothouse.Catalog;

/// <summary>How a selectable field's value becomes the text that is compared.</summary>
public enum SelectableFieldForm
{
    /// <summary>The string itself, or "".</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>; false when absent.</summary>
    Boolean,

    /// <summary>The decimal number; 0 when absent.</summary>
    Integer,
}
