using Pilothouse.Objects;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.CertificateSigning;

/// <summary>Who may approve or sign for a signer: a right on the resource <c>signers</c>, by its name or by its domain and a star.</summary>
internal static class SignerRights
{
    /// <param name="authorizer">Decides.</param>
    /// <param name="user">Who wants to.</param>
    /// <param name="verb">approve, sign or attest.</param>
    /// <param name="signer"><c>example.com/signer</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<bool> HasAsync(
        IAuthorizer authorizer, UserInfo user, string verb, string signer, CancellationToken cancellationToken)
    {
        var all = signer.IndexOf('/', StringComparison.Ordinal) is var slash && slash > 0 ? signer[..slash] + "/*" : signer;
        return await AllowsAsync(signer) || await AllowsAsync(all);

        async ValueTask<bool> AllowsAsync(string name)
        {
            var decision = await authorizer.AuthorizeAsync(
                new()
                {
                    User = user,
                    Verb = verb,
                    IsResourceRequest = true,
                    Group = "certificates.k8s.io",
                    Version = "*",
                    Resource = "signers",
                    Name = name,
                },
                cancellationToken);
            return decision.Verdict == AuthorizationVerdict.Allow;
        }
    }
}
