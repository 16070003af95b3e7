using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pilothouse.Objects;

/// <summary>
/// Makes JSON as an array of just its length: every thread keeps a writer and a buffer for it, so that nothing else is left behind.
/// Escapes what JSON demands, and nothing for the sake of HTML; what is written is not checked.
/// </summary>
public static class JsonBytes
{
    /// <summary>How objects are written.</summary>
    public static JsonWriterOptions Options { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2 * GoJson.MaxDepth,
        SkipValidation = true,
    };

    /// <summary>A larger buffer is not kept: one large object must not stay with every thread.</summary>
    private const int LargestKept = 64 << 10;

    [ThreadStatic]
    private static Scratch? t_scratch;

    /// <summary>The bytes that a function writes.</summary>
    public static byte[] Of<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        // Taken, so that a function may make JSON of its own meanwhile.
        var scratch = t_scratch ?? new();
        t_scratch = null;
        scratch.Buffer.ResetWrittenCount();
        scratch.Writer.Reset();
        write(scratch.Writer, state);
        scratch.Writer.Flush();
        var bytes = scratch.Buffer.WrittenSpan.ToArray();
        if (scratch.Buffer.Capacity <= LargestKept)
            t_scratch = scratch;
        return bytes;
    }

    private sealed class Scratch
    {
        public Scratch() => Writer = new(Buffer, Options);

        public ArrayBufferWriter<byte> Buffer { get; } = new(2048);

        public Utf8JsonWriter Writer { get; }
    }
}
