using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Auditing;

/// <summary>Writes nothing down.</summary>
public sealed class NoAuditor : IAuditor
{
    public static NoAuditor Instance { get; } = new();

    public void Received(ApiRequest request)
    {
    }

    public void Completed(ApiRequest request, int code, Status? failure)
    {
    }
}
