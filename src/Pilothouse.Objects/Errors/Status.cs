using System.Text.Json;

namespace Pilothouse.Objects;

/// <summary>
/// What an API server answers when there is no object to answer with: a failure (or, after a delete, a success) as data.
/// Everything a client can cause travels through the server as a value of this type; see <see cref="Outcome{T}"/>.
/// </summary>
/// <remarks>The shape of <c>meta.k8s.io/v1 Status</c>. The constructors with upstream's texts are in <c>Status.Reasons.cs</c>.</remarks>
public sealed partial record Status
{
    /// <summary>The HTTP status code.</summary>
    public required int Code { get; init; }

    /// <summary>The machine-readable reason, <c>NotFound</c>; empty when there is none.</summary>
    public string Reason { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary><c>Failure</c>, or <c>Success</c>.</summary>
    public bool IsSuccess { get; init; }

    public StatusDetails? Details { get; init; }

    /// <summary>A list that cannot go on as it began may go on from here instead, inconsistently; empty for none.</summary>
    public string Continue { get; init; } = "";

    /// <summary>Writes the Status object, in upstream's field order.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Status"u8);
        writer.WriteString("apiVersion"u8, "v1"u8);
        writer.WriteStartObject("metadata"u8);
        if (Continue.Length > 0)
            writer.WriteString("continue"u8, Continue);
        writer.WriteEndObject();
        writer.WriteString("status"u8, IsSuccess ? "Success"u8 : "Failure"u8);
        if (Message.Length > 0)
            writer.WriteString("message"u8, Message);
        if (Reason.Length > 0)
            writer.WriteString("reason"u8, Reason);
        if (Details is not null)
        {
            writer.WritePropertyName("details"u8);
            Details.WriteTo(writer);
        }
        if (!IsSuccess || Code is not (0 or 200))
            writer.WriteNumber("code"u8, Code);
        writer.WriteEndObject();
    }
}
