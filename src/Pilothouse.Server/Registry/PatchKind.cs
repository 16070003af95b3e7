namespace Pilothouse.Server.Registry;

/// <summary>The language of a patch.</summary>
internal enum PatchKind
{
    /// <summary>RFC 6902.</summary>
    Json,

    /// <summary>RFC 7396.</summary>
    Merge,

    /// <summary>Kubernetes' own: lists merge by key, as the schema says.</summary>
    Strategic,

    /// <summary>A document that is applied: what its sender wants, and owns.</summary>
    Apply,
}
