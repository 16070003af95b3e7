using Microsoft.AspNetCore.Connections;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authentication;

/// <summary>
/// Whoever comes over a connection that the host marked with <see cref="Mark"/> (<c>--insecure-port</c>) is
/// system:unsecured, in system:masters.
/// </summary>
public sealed class InsecurePort : IAuthenticator
{
    /// <summary>Marks a connection as one of the insecure port.</summary>
    public static void Mark(ConnectionContext connection) => connection.Features.Set(Marked.Instance);

    public ValueTask<Outcome<UserInfo?>> AuthenticateAsync(ApiRequest request, CancellationToken cancellationToken) =>
        new(request.Http.Features.Get<Marked>() is null ? null : UserInfo.Unsecured);

    /// <summary>The feature that marks a connection.</summary>
    private sealed class Marked
    {
        public static Marked Instance { get; } = new();
    }
}
