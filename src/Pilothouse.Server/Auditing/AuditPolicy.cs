using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Auditing;

/// <summary>Which requests are written down, and how (audit.k8s.io/v1 Policy). The first rule that fits decides; without one nothing is.</summary>
public sealed record AuditPolicy
{
    public required IReadOnlyList<AuditPolicyRule> Rules { get; init; }

    /// <summary>Stages that are left out, whatever the rule.</summary>
    public AuditStages OmittedStages { get; init; }

    /// <summary>For rules that do not say.</summary>
    public bool OmitsManagedFields { get; init; }

    public AuditDecision Decide(AuthorizationAttributes attributes)
    {
        foreach (var rule in Rules)
        {
            if (rule.Fits(attributes))
                return new(rule.Level, OmittedStages | rule.OmittedStages, rule.OmitsManagedFields ?? OmitsManagedFields);
        }
        return new(AuditLevel.None, OmittedStages, OmitsManagedFields);
    }
}
