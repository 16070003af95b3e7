using Microsoft.Extensions.Logging;
using Pilothouse.Certificates;
using Pilothouse.Objects;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Webhook;

namespace Pilothouse.Hosting;

/// <summary>
/// The authorizers of <c>--authorization-config</c>. The file is looked at again, at most once a second and when somebody asks;
/// a new one that has faults changes nothing.
/// </summary>
internal sealed class FileAuthorizers : IAuthorizer, IRuleResolver
{
    private readonly string _file;
    private readonly AuthorizerFactory _factory;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ChangeCheck _check = new();

    /// <summary>Written by whoever holds the check.</summary>
    private (long, long, long, long) _stamp;
    private volatile AuthorizerChain _chain;

    /// <exception cref="StartupException">The file has faults.</exception>
    public FileAuthorizers(string file, AuthorizerFactory factory, TimeProvider time, ILogger log)
    {
        (_file, _factory, _time, _log) = (file, factory, time, log);
        _stamp = FileStamp.Of(file);
        _chain = new(factory.FromFile(file));
    }

    public ValueTask<AuthorizationDecision> AuthorizeAsync(AuthorizationAttributes attributes, CancellationToken cancellationToken)
    {
        _check.RunIfDue(_time.GetUtcNow(), Reload);
        return _chain.AuthorizeAsync(attributes, cancellationToken);
    }

    public ValueTask<ResolvedRules> RulesForAsync(UserInfo user, string @namespace, CancellationToken cancellationToken) =>
        _chain.RulesForAsync(user, @namespace, cancellationToken);

    private void Reload()
    {
        var stamp = FileStamp.Of(_file);
        if (stamp == _stamp)
            return;
        _stamp = stamp;
        try
        {
            // The old webhooks are left to whoever is still asking them; their connections end by themselves.
            _chain = new(_factory.FromFile(_file));
            WebhookAuthorizerLog.Loaded(_log, _file);
        }
        catch (StartupException fault)
        {
            WebhookAuthorizerLog.Faulty(_log, _file, fault.Message);
        }
    }
}
