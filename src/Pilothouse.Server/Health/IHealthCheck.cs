namespace Pilothouse.Server.Health;

/// <summary>One thing that must be well for the server to be live, or ready.</summary>
public interface IHealthCheck
{
    /// <summary>How it is named in answers and paths: <c>ping</c>, <c>etcd</c>, <c>poststarthook/…</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Null when all is well; otherwise what is wrong. The text is logged and never shown to whoever asks for the summary.
    /// Must end soon after the token does.
    /// </summary>
    ValueTask<string?> CheckAsync(CancellationToken cancellationToken);
}
