namespace Pilothouse.Objects;

/// <summary>The parts of a URL, each of which escapes other characters.</summary>
internal enum UrlPart
{
    Path,
    Query,
    User,
    Host,

    /// <summary>The zone of an IPv6 address.</summary>
    Zone,
    Fragment,
}
