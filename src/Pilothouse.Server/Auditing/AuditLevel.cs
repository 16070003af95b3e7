namespace Pilothouse.Server.Auditing;

/// <summary>How much of a request is written down; each level has all of those before it (audit.k8s.io/v1).</summary>
public enum AuditLevel
{
    None,

    /// <summary>Who, what, when, and how it ended.</summary>
    Metadata,

    /// <summary>And what was sent.</summary>
    Request,

    /// <summary>And what was answered.</summary>
    RequestResponse,
}
