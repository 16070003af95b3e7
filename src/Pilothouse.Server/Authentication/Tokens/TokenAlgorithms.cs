namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>
/// How tokens may be signed (RFC 7518): by asymmetric keys only, because a public key must never do as a secret, and "none" is
/// no signature.
/// </summary>
public static class TokenAlgorithms
{
    public static IReadOnlyList<string> All { get; } =
        ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];
}
