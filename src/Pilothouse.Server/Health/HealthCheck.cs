namespace Pilothouse.Server.Health;

/// <summary>A health check made from a function.</summary>
public sealed class HealthCheck(string name, Func<CancellationToken, ValueTask<string?>> check) : IHealthCheck
{
    public HealthCheck(string name, Func<string?> check)
        : this(name, _ => new(check()))
    {
    }

    /// <summary>Always well: that it answers is the point.</summary>
    public static HealthCheck Ping { get; } = new("ping", () => null);

    public string Name { get; } = name;

    public ValueTask<string?> CheckAsync(CancellationToken cancellationToken) => check(cancellationToken);
}
