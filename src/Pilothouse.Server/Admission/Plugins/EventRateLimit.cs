using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Bounds how many events may be written: by the server, a namespace, a user, or a source and object.</summary>
internal sealed class EventRateLimit : IValidatingAdmission
{
    private readonly List<(string Type, EventRateLimiter Limiter)> _limits = [];

    /// <exception cref="AdmissionConfigurationException">There is no configuration, or it says nonsense.</exception>
    public EventRateLimit(AdmissionConfiguration configuration, TimeProvider time)
    {
        if (!configuration.TryGet(Name, out var json))
            return;
        foreach (var limit in json.Objects("limits"))
        {
            var type = limit.Text("type") ?? "";
            if (type is not ("Server" or "Namespace" or "User" or "SourceAndObject"))
                throw new AdmissionConfigurationException($"{Name}: unknown event rate limit type: {type}");
            var (rate, burst, size) = (limit.Integer("qps") ?? 0, limit.Integer("burst") ?? 0, limit.Integer("cacheSize") ?? 0);
            if (rate <= 0 || burst <= 0 || size < 0)
                throw new AdmissionConfigurationException($"{Name}: limits of type {type}: qps and burst must be positive, cacheSize must not be negative");
            _limits.Add((type, new(rate, burst, size == 0 ? EventRateLimiter.DefaultSize : (int)size, time)));
        }
    }

    public string Name => "EventRateLimit";

    public bool Handles(AdmissionRequest request) =>
        _limits.Count > 0
        && (request.Operation & (AdmissionOperation.Create | AdmissionOperation.Update)) != AdmissionOperation.None
        && request.Context.Resource.Kind is { Group: "", Kind: "Event" }
        && !request.Context.DryRun;

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var reached = new List<string>();
        foreach (var (type, limiter) in _limits)
        {
            var key = KeyOf(type, request);
            if (!limiter.TryTake(key))
                reached.Add($"limit reached on type {type} for key {key}");
        }
        return reached.Count == 0 ? default : new(new Status
        {
            Code = 429,
            Reason = "TooManyRequests",
            Message = $"Too many requests: {(reached.Count == 1 ? reached[0] : $"[{string.Join(", ", reached)}]")}",
        });
    }

    private static string KeyOf(string type, AdmissionRequest request)
    {
        if (type != "SourceAndObject")
            return type switch { "Namespace" => request.Namespace, "User" => request.Context.User.Name, _ => "" };
        JsonObject source = request.Object.Object("source") ?? [], about = request.Object.Object("involvedObject") ?? [];
        return string.Concat(
            source.Text("component"), source.Text("host"),
            string.Concat(about.Text("kind"), about.Text("namespace"), about.Text("name")), about.Text("uid") + about.Text("apiVersion"));
    }
}
