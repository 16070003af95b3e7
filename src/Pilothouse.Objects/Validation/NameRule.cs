namespace Pilothouse.Objects;

/// <summary>What a kind's objects may be called. Every name must be a path segment besides (no "/", no "%", not "." or "..").</summary>
public enum NameRule
{
    /// <summary>RFC 1123 subdomain, at most 253 characters: the rule for most kinds.</summary>
    DnsSubdomain,

    /// <summary>RFC 1123 label, at most 63 characters: namespaces, services.</summary>
    DnsLabel,

    /// <summary>Nothing beyond being a path segment: RBAC kinds, events.</summary>
    PathSegment,

    /// <summary>An IP address in canonical form.</summary>
    IpAddress,
}
