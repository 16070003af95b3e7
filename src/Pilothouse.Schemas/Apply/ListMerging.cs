namespace Pilothouse.Schemas;

/// <summary>How a list merges in server-side apply (<c>x-kubernetes-list-type</c>).</summary>
public enum ListMerging
{
    /// <summary>It counts as one.</summary>
    Atomic,

    /// <summary>By the elements themselves.</summary>
    Set,

    /// <summary>By the elements' keys.</summary>
    Map,
}
