namespace Pilothouse.Objects;

/// <summary>What a kind's objects may be called; see <see cref="NameFormats.Name"/>.</summary>
public enum NameRule
{
    /// <summary>RFC 1123 subdomain, at most 253 characters: the rule for most kinds.</summary>
    DnsSubdomain,

    /// <summary>The same, but one that is too long is told so in bytes: kinds whose rules are declared in upstream's schema.</summary>
    LongName,

    /// <summary>RFC 1123 label, at most 63 characters: namespaces, services.</summary>
    DnsLabel,

    /// <summary>Nothing beyond being a path segment (no "/", no "%", not "." or ".."): RBAC kinds, events.</summary>
    PathSegment,

    /// <summary>An IP address in canonical form.</summary>
    IpAddress,

    /// <summary>RFC 1035 label: as an RFC 1123 label, but beginning with a letter.</summary>
    Dns1035Label,
}
