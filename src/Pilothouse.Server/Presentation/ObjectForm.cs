using System.Buffers;
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

    /// <summary>Whether single objects can be shown; a watch in a form for lists only ends as soon as it began.</summary>
    public virtual bool ShowsObjects => true;

    /// <summary>Appends one whole object, as GET answers and watch events carry it.</summary>
    public abstract void WriteObject(CachedObject obj, IBufferWriter<byte> output);

    /// <summary>Appends everything of a list up to its first item.</summary>
    public abstract void WriteListStart(ListMetadata metadata, IBufferWriter<byte> output);

    /// <summary>Appends one item, with a comma before it unless it is the first.</summary>
    public abstract void WriteListItem(CachedObject obj, bool first, IBufferWriter<byte> output);

    /// <summary>Appends what closes the list.</summary>
    public abstract void WriteListEnd(IBufferWriter<byte> output);

    /// <summary>How long an item will be, if that is cheap to say; then a list's length can be told before it is sent.</summary>
    public virtual int? ListItemLength(CachedObject obj, bool first) => null;
}
