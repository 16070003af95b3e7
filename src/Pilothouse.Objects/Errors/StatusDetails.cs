using System.Text.Json;

namespace Pilothouse.Objects;

/// <summary>The machine-readable part of a <see cref="Status"/>: which object it speaks of, and what caused it.</summary>
public sealed record StatusDetails
{
    public string Name { get; init; } = "";

    public string Group { get; init; } = "";

    /// <summary>The resource (or, for validation errors, the kind) that it speaks of.</summary>
    public string Kind { get; init; } = "";

    public string Uid { get; init; } = "";

    public IReadOnlyList<StatusCause> Causes { get; init; } = [];

    /// <summary>When to try again; zero when the answer says nothing of it. Also sent as the <c>Retry-After</c> header.</summary>
    public int RetryAfterSeconds { get; init; }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteIfAny(writer, "name"u8, Name);
        WriteIfAny(writer, "group"u8, Group);
        WriteIfAny(writer, "kind"u8, Kind);
        WriteIfAny(writer, "uid"u8, Uid);
        if (Causes.Count > 0)
        {
            writer.WriteStartArray("causes"u8);
            foreach (var cause in Causes)
            {
                writer.WriteStartObject();
                WriteIfAny(writer, "reason"u8, cause.Reason);
                WriteIfAny(writer, "message"u8, cause.Message);
                WriteIfAny(writer, "field"u8, cause.Field);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        if (RetryAfterSeconds > 0)
            writer.WriteNumber("retryAfterSeconds"u8, RetryAfterSeconds);
        writer.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0)
            writer.WriteString(name, value);
    }
}
