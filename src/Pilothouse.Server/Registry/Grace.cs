namespace Pilothouse.Server.Registry;

/// <summary>How a deletion waits for whoever runs the object.</summary>
internal abstract record Grace
{
    private Grace()
    {
    }

    /// <summary>It does not.</summary>
    public sealed record None : Grace;

    /// <summary>It begins to, or is made shorter; the metadata says so.</summary>
    public sealed record Begun(long Seconds) : Grace;

    /// <summary>It does already, and this deletion changes nothing.</summary>
    public sealed record Pending : Grace;
}
