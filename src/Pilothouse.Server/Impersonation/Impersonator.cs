using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Impersonation;

/// <summary>Decides on whose behalf a request is handled, by its <c>Impersonate-*</c> headers.</summary>
internal sealed class Impersonator
{
    /// <summary>How many callers are remembered; a slot holds the last of those that share it. A power of two.</summary>
    private const int Slots = 4096;

    private readonly IAuthorizer _authorizers;
    private readonly ImpersonationMode[] _modes;

    /// <summary>
    /// By which mode a caller succeeded last. It is tried first, so that plain impersonation costs no more than ever; and when
    /// all modes refuse, the caller is told the refusal of the mode it knows.
    /// </summary>
    private readonly Remembered?[] _remembered = new Remembered?[Slots];

    public Impersonator(IAuthorizer authorizers)
    {
        _authorizers = authorizers;
        _modes = ImpersonationMode.All(AuthorizeAsync);
    }

    /// <summary>The user, complete, if the caller may act on its behalf; the refusal otherwise.</summary>
    /// <param name="wanted">Whom the headers name.</param>
    /// <param name="request">What the caller wants to do, under its own name.</param>
    /// <param name="cancellationToken">The request's end.</param>
    public async ValueTask<Outcome<ImpersonatedUser>> ImpersonateAsync(
        UserInfo wanted, AuthorizationAttributes request, CancellationToken cancellationToken)
    {
        var slot = StringComparer.Ordinal.GetHashCode(request.User.Name) & (Slots - 1);
        var known = _remembered[slot] is { } remembered && remembered.Caller == request.User.Name ? remembered.Mode : -1;
        Status? first = null;
        // -1 is the mode that is known to work, before the others in their order.
        for (var i = -1; i < _modes.Length; i++)
        {
            var mode = i < 0 ? known : i;
            if (mode < 0 || (i >= 0 && i == known))
                continue;
            if (await _modes[mode].CheckAsync(wanted, request, cancellationToken) is not { } outcome)
                continue;
            if (outcome.TryGet(out var impersonated, out var refusal))
            {
                if (mode != known)
                    _remembered[slot] = new(request.User.Name, mode);
                return impersonated;
            }
            first ??= refusal;
        }
        // The plain mode is for everybody, so that there is a refusal.
        return first!;
    }

    private async ValueTask<Status?> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        var decision = await _authorizers.AuthorizeAsync(attributes, cancellationToken);
        return decision.IsAllowed ? null : AuthorizerChain.Refuse(attributes, (decision.Error, decision.Reason) switch
        {
            ("", var reason) => reason,
            (var error, "") => error,
            var (error, reason) => $"{error}: {reason}",
        });
    }

    private sealed record Remembered(string Caller, int Mode);
}
