using System.Collections.Immutable;

namespace Pilothouse.Server.Health;

/// <summary>
/// The checks behind <c>/healthz</c>, <c>/livez</c> and <c>/readyz</c>, in the order of their answers. Whoever has something to
/// be asked about adds a check before the server starts; adding one later is safe.
/// </summary>
public sealed class HealthChecks
{
    private ImmutableArray<Entry> _entries = [new(HealthCheck.Ping, true, true), new(new HealthCheck("log", () => null), true, true)];

    /// <summary>Adds a check that says whether the server is alive, and ready.</summary>
    public void Add(IHealthCheck check) => Add(new Entry(check, Live: true, Ready: true));

    /// <summary>Adds a check that says whether the server is ready; restarting it would not help.</summary>
    public void AddReadiness(IHealthCheck check) => Add(new Entry(check, Live: false, Ready: true));

    /// <summary>The checks of one of the three endpoints.</summary>
    internal IReadOnlyList<IHealthCheck> Of(string endpoint) => endpoint switch
    {
        "livez" => [.. _entries.Where(e => e.Live).Select(e => e.Check)],
        "readyz" => [.. _entries.Where(e => e.Ready).Select(e => e.Check)],
        // The old one: what makes the server live, and healthy.
        _ => [.. _entries.Where(e => e.Live).Select(e => e.Check)],
    };

    /// <summary>Every path that answers.</summary>
    internal IEnumerable<string> Paths =>
        from endpoint in (string[])["healthz", "livez", "readyz"]
        from name in Of(endpoint).Select(c => "/" + c.Name).Prepend("")
        select $"/{endpoint}{name}";

    private void Add(Entry entry) => ImmutableInterlocked.Update(ref _entries, (entries, added) => entries.Add(added), entry);

    private readonly record struct Entry(IHealthCheck Check, bool Live, bool Ready);
}
