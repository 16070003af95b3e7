using Pilothouse.Objects;

namespace Pilothouse.Server.Impersonation;

/// <summary>Somebody on whose behalf the caller may act.</summary>
/// <param name="User">The user, its groups complete.</param>
/// <param name="Constraint">The verb that allowed it, <c>impersonate:user-info</c>, for the audit log; empty for plain <c>impersonate</c>.</param>
internal sealed record ImpersonatedUser(UserInfo User, string Constraint);
