namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>The file <c>--authentication-config</c>, read and checked (KEP-3331).</summary>
public sealed record AuthenticationConfiguration
{
    public IReadOnlyList<JwtAuthenticatorOptions> Jwt { get; init; } = [];

    /// <summary>Null when the file says nothing of it.</summary>
    public AnonymousOptions? Anonymous { get; init; }
}
