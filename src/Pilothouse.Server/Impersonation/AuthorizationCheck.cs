using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Impersonation;

/// <summary>Asks the authorizers: null when it is allowed, the refusal otherwise.</summary>
internal delegate ValueTask<Status?> AuthorizationCheck(AuthorizationAttributes attributes, CancellationToken cancellationToken);
