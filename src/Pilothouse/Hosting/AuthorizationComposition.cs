using Microsoft.Extensions.Logging;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Rbac;
using Pilothouse.Server.Authorization.Reviews;
using Pilothouse.Server.Authorization.Webhook;
using Pilothouse.Server.Registry;
using Pilothouse.Server.Watching;
using Pilothouse.Settings;

namespace Pilothouse.Hosting;

/// <summary>The authorizers, by the settings, and what else hangs on them.</summary>
internal sealed class AuthorizationComposition
{
    private AuthorizationComposition(IReadOnlyList<IAuthorizer> authorizers, RbacPolicy policy)
    {
        Authorizers = authorizers;
        Chain = new(authorizers);
        EscalationGuard = new(policy, Chain);
        Reviews = AuthorizationReviews.All(Chain);
    }

    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<IAuthorizer> Authorizers { get; }

    public AuthorizerChain Chain { get; }

    public EscalationGuard EscalationGuard { get; }

    public IReadOnlyList<IVirtualResource> Reviews { get; }

    /// <exception cref="StartupException">A file that the settings name has faults.</exception>
    public static AuthorizationComposition Compose(
        AuthorizationSettings settings, ObjectCaches caches, TimeProvider time, ILoggerFactory logging)
    {
        var factory = new AuthorizerFactory(caches, time, logging);
        List<IAuthorizer> authorizers = [new MastersAuthorizer()];
        if (settings.ConfigurationFile.Length > 0)
            authorizers.Add(new FileAuthorizers(settings.ConfigurationFile, factory, time, logging.CreateLogger<WebhookAuthorizer>()));
        else
            authorizers.AddRange(settings.Modes.Select(m => ByMode(m, settings, factory)));
        return new(authorizers, factory.Policy);
    }

    private static IAuthorizer ByMode(string mode, AuthorizationSettings settings, AuthorizerFactory factory) => mode switch
    {
        "ABAC" => AuthorizerFactory.Abac(settings.PolicyFile),
        "Webhook" => factory.Webhook(
            settings.WebhookFile,
            new()
            {
                Name = "webhook",
                Version = settings.WebhookVersion,
                AuthorizedTimeToLive = settings.WebhookAuthorizedTimeToLive,
                UnauthorizedTimeToLive = settings.WebhookUnauthorizedTimeToLive,
            },
            []),
        _ => factory.ByMode(mode),
    };
}
