namespace Pilothouse.Server.Auditing;

/// <summary>When in a request's life something is written down; as a set: when nothing is.</summary>
[Flags]
public enum AuditStages
{
    None = 0,

    /// <summary>The caller is known, nothing has been done.</summary>
    RequestReceived = 1,

    /// <summary>The answer's head has been sent and its body goes on: watches and their like.</summary>
    ResponseStarted = 2,

    /// <summary>The whole answer has been sent.</summary>
    ResponseComplete = 4,

    /// <summary>The server failed in a way that it did not foresee.</summary>
    Panic = 8,
}
