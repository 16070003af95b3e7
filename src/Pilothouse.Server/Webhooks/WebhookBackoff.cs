namespace Pilothouse.Server.Webhooks;

/// <summary>Growing waits between the tries of a call (upstream: DefaultRetryBackoffWithInitialDelay).</summary>
public sealed record WebhookBackoff
{
    /// <summary>Tries in all, the first among them.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Before the second try.</summary>
    public TimeSpan Initial { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>By which each wait is longer than the one before.</summary>
    public double Factor { get; init; } = 1.5;

    /// <summary>The share of a wait that is added by chance at most, so that not all come back at once.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>The wait after a try.</summary>
    /// <param name="tries">Tries up to now, at least one.</param>
    public TimeSpan WaitAfter(int tries) =>
#pragma warning disable CA5394 // spreads load, guards nothing
        Initial * (Math.Pow(Factor, tries - 1) * (1 + Random.Shared.NextDouble() * Jitter));
#pragma warning restore CA5394
}
