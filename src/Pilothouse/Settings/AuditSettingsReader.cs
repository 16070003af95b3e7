using Pilothouse.Flags;
using Pilothouse.Server.Auditing;

namespace Pilothouse.Settings;

/// <summary>Reads the <c>--audit-*</c> flags.</summary>
internal static class AuditSettingsReader
{
    public static AuditSettings Read(FlagValues flags, List<string> faults)
    {
        foreach (var flag in new[] { "audit-policy-file", "audit-webhook-config-file" })
        {
            if (flags.String(flag) is { Length: > 0 } path && !File.Exists(path))
                faults.Add($"--{flag}: there is no file {path}");
        }
        foreach (var flag in new[] { "audit-log-version", "audit-webhook-version" })
        {
            if (flags.String(flag) != "audit.k8s.io/v1")
                faults.Add($"--{flag}: invalid audit version {flags.String(flag)}, allowed versions are audit.k8s.io/v1");
        }
        if (flags.String("audit-log-format") is not ("json" or "legacy"))
            faults.Add($"invalid audit log format {flags.String("audit-log-format")}, allowed formats are \"legacy,json\"");
        return new()
        {
            PolicyFile = flags.String("audit-policy-file"),
            Log = flags.String("audit-log-path") is { Length: > 0 } log ? Log(flags, log, faults) : null,
            LogDelivery = Delivery(flags, "log", faults),
            WebhookFile = flags.String("audit-webhook-config-file"),
            WebhookDelivery = Delivery(flags, "webhook", faults),
            WebhookBackoff = flags.Duration(flags.IsGiven("audit-webhook-batch-initial-backoff") ? "audit-webhook-batch-initial-backoff" : "audit-webhook-initial-backoff"),
        };
    }

    private static AuditLogOptions Log(FlagValues flags, string path, List<string> faults) => new()
    {
        Path = path,
        MaxAge = NotNegative(flags, "audit-log-maxage", faults),
        MaxBackups = NotNegative(flags, "audit-log-maxbackup", faults),
        MaxSize = NotNegative(flags, "audit-log-maxsize", faults),
        Compress = flags.Bool("audit-log-compress"),
        Legacy = flags.String("audit-log-format") == "legacy",
    };

    private static AuditDelivery Delivery(FlagValues flags, string backend, List<string> faults)
    {
        var mode = flags.String($"audit-{backend}-mode");
        if (mode is not ("batch" or "blocking" or "blocking-strict"))
            faults.Add($"invalid audit {backend} mode {mode}, allowed modes are batch,blocking,blocking-strict");
        var prefix = $"audit-{backend}-batch-";
        var throttled = flags.Bool(prefix + "throttle-enable");
        var batches = new AuditBatchOptions
        {
            BufferSize = Positive(flags, prefix + "buffer-size", faults),
            MaxSize = Positive(flags, prefix + "max-size", faults),
            MaxWait = flags.Duration(prefix + "max-wait"),
            QueriesPerSecond = throttled ? flags.Number(prefix + "throttle-qps") : 0,
            Burst = Math.Max(1, flags.Int(prefix + "throttle-burst")),
        };
        var truncated = flags.Bool($"audit-{backend}-truncate-enabled");
        return new()
        {
            Batches = mode == "batch" ? batches : null,
            Strict = mode == "blocking-strict",
            MaxEventSize = truncated ? Positive(flags, $"audit-{backend}-truncate-max-event-size", faults) : null,
        };
    }

    private static int NotNegative(FlagValues flags, string flag, List<string> faults)
    {
        if (flags.Int(flag) is var number && number < 0)
            faults.Add($"--{flag} must be greater than or equal to 0");
        return Math.Max(0, number);
    }

    private static int Positive(FlagValues flags, string flag, List<string> faults)
    {
        if (flags.Int(flag) is var number && number <= 0)
            faults.Add($"--{flag} must be greater than 0");
        return Math.Max(1, number);
    }
}
