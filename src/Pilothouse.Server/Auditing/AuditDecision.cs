namespace Pilothouse.Server.Auditing;

/// <summary>What a policy says of a request.</summary>
/// <param name="Level">How much is written down.</param>
/// <param name="OmittedStages">When nothing is.</param>
/// <param name="OmitsManagedFields">Objects are written without metadata.managedFields.</param>
public readonly record struct AuditDecision(AuditLevel Level, AuditStages OmittedStages, bool OmitsManagedFields);
