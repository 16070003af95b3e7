namespace Pilothouse.Server.Auditing;

/// <summary>Where the audit log is and how it is rotated.</summary>
public sealed record AuditLogOptions
{
    /// <summary>The file; <c>-</c> is standard output.</summary>
    public required string Path { get; init; }

    /// <summary>MiB after which a new file is begun; 0 for never.</summary>
    public int MaxSize { get; init; } = 100;

    /// <summary>Days that old files are kept; 0 for ever.</summary>
    public int MaxAge { get; init; }

    /// <summary>How many old files are kept; 0 for all.</summary>
    public int MaxBackups { get; init; }

    /// <summary>Old files are compressed with gzip.</summary>
    public bool Compress { get; init; }

    /// <summary>Lines of the old text form instead of JSON.</summary>
    public bool Legacy { get; init; }
}
