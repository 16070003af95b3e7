using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Auditing;

/// <summary>Takes the objects out of events that are larger than allowed; events that are too large without them are dropped.</summary>
public sealed class TruncatedAudit(IAuditBackend backend, int maxEventSize) : IAuditBackend
{
    public string Name => backend.Name;

    public ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> json, AuditStages stage, CancellationToken cancellationToken)
    {
        if (json.Length <= maxEventSize)
            return backend.WriteAsync(json, stage, cancellationToken);
        var shortened = Shorten(json);
        if (shortened.Length <= maxEventSize)
            return backend.WriteAsync(shortened, stage, cancellationToken);
        AuditMetrics.Lost(Name, 1);
        return new(true);
    }

    public ValueTask DisposeAsync() => backend.DisposeAsync();

    private static ReadOnlyMemory<byte> Shorten(ReadOnlyMemory<byte> json)
    {
        var auditEvent = (JsonObject)JsonNodes.Parse(json.Span)!;
        auditEvent.Remove("requestObject");
        auditEvent.Remove("responseObject");
        auditEvent.ObjectOrNew("annotations")["audit.k8s.io/truncated"] = "true";
        var output = new ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(output, JsonAnswers.WriterOptions))
            auditEvent.WriteTo(writer);
        return output.WrittenMemory;
    }
}
