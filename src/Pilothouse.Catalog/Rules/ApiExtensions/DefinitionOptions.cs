namespace Pilothouse.Catalog;

/// <summary>What an update of a definition may leave as it is, because it was let in before.</summary>
internal sealed record DefinitionOptions
{
    /// <summary>A conversion's webhook must take a version of reviews that is known.</summary>
    public bool RequireKnownReviewVersion { get; init; } = true;

    /// <summary>The authorities of a conversion's webhook may be nonsense: the definition is not served yet, or they were before.</summary>
    public bool AllowInvalidBundle { get; init; } = true;
}
