namespace Pilothouse.Settings;

/// <summary>How etcd is reached.</summary>
internal sealed record EtcdSettings
{
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>What all keys begin with; begins with a slash, does not end with one.</summary>
    public required string Prefix { get; init; }

    /// <summary>Files; empty when not given.</summary>
    public required string CertificateFile { get; init; }

    public required string KeyFile { get; init; }

    public required string AuthorityFile { get; init; }
}
