namespace Pilothouse.Server.Authorization.Configuration;

/// <summary>One authorizer of an AuthorizationConfiguration.</summary>
/// <param name="Type">Node, RBAC, Webhook and the other modes.</param>
/// <param name="Name">Unique in the file.</param>
/// <param name="Webhook">For webhooks alone.</param>
public sealed record AuthorizerConfiguration(string Type, string Name, WebhookConfiguration? Webhook);
