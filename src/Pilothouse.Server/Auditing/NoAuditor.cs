using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Auditing;

/// <summary>Writes nothing down.</summary>
public sealed class NoAuditor : IAuditor
{
    public static NoAuditor Instance { get; } = new();

    public ValueTask<Status?> ReceivedAsync(ApiRequest request) => default;

    public ValueTask RejectedAsync(ApiRequest request, Status failure) => default;

    public ValueTask CompletedAsync(ApiRequest request, int code, bool panicked) => default;
}
