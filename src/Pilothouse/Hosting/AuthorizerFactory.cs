using Microsoft.Extensions.Logging;
using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Abac;
using Pilothouse.Server.Authorization.Configuration;
using Pilothouse.Server.Authorization.Node;
using Pilothouse.Server.Authorization.Rbac;
using Pilothouse.Server.Authorization.Webhook;
using Pilothouse.Server.Bootstrap;
using Pilothouse.Server.Watching;
using Pilothouse.Server.Webhooks;

namespace Pilothouse.Hosting;

/// <summary>Makes authorizers by the names of their modes. Those that follow the caches are made once and shared.</summary>
internal sealed class AuthorizerFactory
{
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RbacAuthorizer _rbac;
    private readonly NodeAuthorizer _node;

    public AuthorizerFactory(ObjectCaches caches, TimeProvider time, ILoggerFactory logging)
    {
        _time = time;
        _log = logging.CreateLogger<WebhookAuthorizer>();
        Policy = new(caches);
        var freshness = new Freshness(caches, time);
        _rbac = new(Policy, freshness);
        _node = new(new NodeGraph(caches), freshness, BootstrapPolicy.NodeRules);
    }

    public RbacPolicy Policy { get; }

    /// <summary>An authorizer that needs nothing beside its name.</summary>
    public IAuthorizer ByMode(string mode) => mode switch
    {
        "AlwaysAllow" => new AlwaysAllow(),
        "AlwaysDeny" => new AlwaysDeny(),
        "RBAC" => _rbac,
        "Node" => _node,
        _ => throw new InvalidOperationException($"{mode} needs a file."),
    };

    /// <exception cref="StartupException">The policy file cannot be read, or has faults.</exception>
    public static AbacAuthorizer Abac(string file)
    {
        try
        {
            var (authorizer, faults) = AbacAuthorizer.Parse(File.ReadAllText(file));
            return faults.Count == 0 ? authorizer : throw new StartupException($"--authorization-policy-file: {file}: {string.Join("; ", faults)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--authorization-policy-file: cannot read {file}: {fault.Message}", fault);
        }
    }

    /// <exception cref="StartupException">The kubeconfig or a condition has faults.</exception>
    public WebhookAuthorizer Webhook(string kubeconfig, WebhookAuthorizerOptions options, IReadOnlyList<string> conditions)
    {
        if (!Kubeconfig.Load(kubeconfig, _time).TryGet(out var config, out var failure) || !config.CurrentTarget().TryGet(out var target, out failure))
            throw new StartupException($"the webhook authorizer {options.Name}: {kubeconfig}: {failure.Message}");
        IMatchConditions? matching = null;
        if (conditions.Count > 0)
        {
            var (compiled, faults) = CelMatchConditions.Compile(conditions);
            matching = compiled ?? throw new StartupException($"the webhook authorizer {options.Name}: {string.Join("; ", faults)}");
        }
        return new(new(target, new(), _time), options, matching, _time, _log);
    }

    /// <summary>All authorizers of an AuthorizationConfiguration, in order.</summary>
    /// <exception cref="StartupException">It has faults.</exception>
    public IReadOnlyList<IAuthorizer> FromFile(string file)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--authorization-config: cannot read {file}: {fault.Message}", fault);
        }
        var (authorizers, faults) = AuthorizationConfigurationFile.Parse(text);
        if (faults.Count > 0)
            throw new StartupException($"--authorization-config: {file}: {string.Join("; ", faults)}");
        return [.. authorizers.Select(a => a.Webhook is { } webhook ? Webhook(webhook.KubeconfigFile, Options(a.Name, webhook), webhook.MatchConditions)
            : a.Type == "ABAC" ? throw new StartupException("--authorization-config: ABAC's policy file can be named by flags only")
            : ByMode(a.Type))];
    }

    private static WebhookAuthorizerOptions Options(string name, WebhookConfiguration webhook) => new()
    {
        Name = name,
        Version = webhook.ReviewVersion,
        AuthorizedTimeToLive = webhook.AuthorizedTimeToLive,
        UnauthorizedTimeToLive = webhook.UnauthorizedTimeToLive,
        Timeout = webhook.Timeout,
        DeniesOnError = webhook.DeniesOnError,
    };
}
