using System.Buffers;
using System.Text.Json;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>
/// How a client wants to see objects: as they are, in another served version, as metadata only, or as a table. Chosen once
/// per request from Accept; lists and watches then write through it. A form may keep state between the items of one answer
/// (a table's columns are sent with the first event of a watch only), so each answer has its own.
/// </summary>
public abstract class ObjectForm
{
    /// <summary>The answer's Content-Type.</summary>
    public virtual string ContentType => "application/json";

    /// <summary>The Content-Type of a watch.</summary>
    public virtual string WatchContentType => ContentType;

    /// <summary>Whether single objects can be shown; a watch in a form for lists only ends as soon as it began.</summary>
    public virtual bool ShowsObjects => true;

    /// <summary>Whether <see cref="PrepareAsync"/> has to be asked before objects are written.</summary>
    public virtual bool NeedsPreparation => false;

    /// <summary>Makes ready what writing objects will need and somebody else has to be asked for. A failure when it cannot be had.</summary>
    public virtual ValueTask<Status?> PrepareAsync(IEnumerable<CachedObject> objects, CancellationToken cancellationToken) => default;

    /// <summary>The JSON of an object as rows of a table are made from it.</summary>
    internal virtual ReadOnlyMemory<byte> ShownJson(CachedObject obj) => obj.Json;

    /// <summary>Appends one whole object, as GET answers and watch events carry it.</summary>
    public abstract void WriteObject(CachedObject obj, IBufferWriter<byte> output);

    /// <summary>Appends everything of a list up to its first item.</summary>
    public abstract void WriteListStart(ListMetadata metadata, IBufferWriter<byte> output);

    /// <summary>Appends one item, with a comma before it unless it is the first.</summary>
    public abstract void WriteListItem(CachedObject obj, bool first, IBufferWriter<byte> output);

    /// <summary>Appends what closes the list.</summary>
    public abstract void WriteListEnd(IBufferWriter<byte> output);

    /// <summary>
    /// How long all items of a list will be, with what stands between them, if that can be told before they are written. Asked
    /// for once, before the list is begun.
    /// </summary>
    public virtual long? ItemsLength(ObjectList list) => null;

    /// <summary>Appends one event of a watch: JSON has a line for each.</summary>
    public virtual void WriteEvent(WatchEventType type, CachedObject obj, IBufferWriter<byte> output)
    {
        output.Write(EventStart(type));
        WriteObject(obj, output);
        output.Write(EventEnd);
    }

    /// <summary>What stands before the object in the line of an event.</summary>
    private protected static ReadOnlySpan<byte> EventStart(WatchEventType type) => type switch
    {
        WatchEventType.Added => "{\"type\":\"ADDED\",\"object\":"u8,
        WatchEventType.Modified => "{\"type\":\"MODIFIED\",\"object\":"u8,
        WatchEventType.Deleted => "{\"type\":\"DELETED\",\"object\":"u8,
        _ => "{\"type\":\"BOOKMARK\",\"object\":"u8,
    };

    /// <summary>What stands behind it.</summary>
    private protected static ReadOnlySpan<byte> EventEnd => "}\n"u8;

    /// <summary>Appends the event that ends a watch which cannot go on.</summary>
    public virtual void WriteError(Status failure, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\"ERROR\",\"object\":"u8);
        using (var writer = new Utf8JsonWriter(output, JsonAnswers.WriterOptions))
            failure.WriteTo(writer);
        output.Write("}\n"u8);
    }
}
