using Microsoft.Extensions.Logging;
using Pilothouse.Server.Auditing;
using Pilothouse.Server.Webhooks;
using Pilothouse.Settings;

namespace Pilothouse.Hosting;

/// <summary>The auditor that the settings ask for, and what it writes to.</summary>
internal sealed class AuditComposition : IAsyncDisposable
{
    /// <summary>What a request waits at most for an event to be put, in the blocking modes.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly List<IAuditBackend> _backends = [];

    /// <exception cref="StartupException">A file cannot be used.</exception>
    public AuditComposition(AuditSettings settings, TimeProvider time, ILoggerFactory logging)
    {
        if (settings.PolicyFile.Length == 0)
            return;
        var log = logging.CreateLogger<Auditor>();
        var (policy, faults) = AuditPolicyReader.Read(Text(settings.PolicyFile));
        if (policy is null)
            throw new StartupException($"--audit-policy-file: {settings.PolicyFile}: {string.Join("; ", faults)}");
        if (settings.Log is { } options)
            _backends.Add(Deliver(OpenLog(options, time), settings.LogDelivery, time, log));
        if (settings.WebhookFile.Length > 0)
            _backends.Add(Deliver(Webhook(settings, time), settings.WebhookDelivery, time, log));
        if (_backends.Count > 0)
            Auditor = new Auditor(policy, _backends, time);
    }

    /// <summary>Writes nothing down without a policy and somewhere to write to.</summary>
    public IAuditor Auditor { get; } = NoAuditor.Instance;

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    private static IAuditBackend Deliver(IAuditSink sink, AuditDelivery delivery, TimeProvider time, ILogger log)
    {
        IAuditBackend backend = delivery.Batches is { } batches ? new BatchedAudit(sink, batches, time, log)
            : new BlockingAudit(sink, delivery.Strict, s_patience, log);
        return delivery.MaxEventSize is { } limit ? new TruncatedAudit(backend, limit) : backend;
    }

    private static AuditLogFile OpenLog(AuditLogOptions options, TimeProvider time)
    {
        try
        {
            return new(options, time);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--audit-log-path: cannot open {options.Path}: {fault.Message}", fault);
        }
    }

    private static AuditWebhook Webhook(AuditSettings settings, TimeProvider time)
    {
        if (!Kubeconfig.Load(settings.WebhookFile, time).TryGet(out var kubeconfig, out var failure)
            || !kubeconfig.CurrentTarget().TryGet(out var target, out failure))
        {
            throw new StartupException($"--audit-webhook-config-file: {settings.WebhookFile}: {failure.Message}");
        }
        var backoff = new WebhookBackoff { Initial = settings.WebhookBackoff };
        return new(new WebhookClient(target, new WebhookClientOptions { Backoff = backoff }, time));
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--audit-policy-file: cannot read {path}: {fault.Message}", fault);
        }
    }
}
