namespace Pilothouse.Storage;

/// <summary>What kind of fault a store has; decides which Status a client gets.</summary>
public enum StoreFault
{
    /// <summary>It cannot be reached; try again (503).</summary>
    Unavailable,

    /// <summary>It did not answer in time; the write may have happened (504).</summary>
    Timeout,

    /// <summary>There is no room; writes fail until there is (507 upstream, sent as 500 with the store's words).</summary>
    Full,

    /// <summary>The value is larger than the store takes (413).</summary>
    TooLarge,

    /// <summary>What is on disk is damaged or is not ours; it is not touched.</summary>
    Damaged,

    /// <summary>Another process has the store.</summary>
    Locked,
}
