using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization;

/// <summary>An authorizer that can also say what somebody may do, for SelfSubjectRulesReview.</summary>
public interface IRuleResolver
{
    /// <summary>All that the user may do in a namespace, and in the cluster as a whole, as far as this authorizer knows.</summary>
    ValueTask<ResolvedRules> RulesForAsync(UserInfo user, string @namespace, CancellationToken cancellationToken);
}
