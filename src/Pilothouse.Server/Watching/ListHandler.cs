using System.Buffers;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Requests;
using Pilothouse.Storage;

namespace Pilothouse.Server.Watching;

/// <summary>
/// Answers lists: chooses the state that the client may see (<see cref="ListReader"/>), and copies the objects' bytes from it to
/// the connection.
/// </summary>
public sealed class ListHandler(ObjectCaches caches, IStore store)
{
    private readonly ListReader _reader = new(caches, store);

    /// <summary>
    /// Answers a list. Null when that is done; a failure is returned, and nothing of the response is written then.
    /// </summary>
    /// <exception cref="StoreException">The store was needed and has a fault.</exception>
    public async ValueTask<Status?> HandleAsync(ApiRequest request, ServedResource resource, ObjectForm form)
    {
        var info = request.Info;
        if (!ListOptions.Parse(request.Http.Request.Query).TryGet(out var options, out var failure)
            || !ObjectFilter.Create(resource, resource.Namespaced ? info.Namespace : "", info.Name, options).TryGet(out var filter, out failure))
        {
            return failure;
        }
        var reading = _reader.ReadAsync(resource.Stored, resource.Namespaced ? info.Namespace : "", filter, options, request.Cancellation);
        if (!(await reading).TryGet(out var list, out failure))
            return failure;
        return await WriteAsync(request, list, form);
    }

    /// <summary>Sends a list. A failure is returned, and nothing of the response is written then.</summary>
    internal static async ValueTask<Status?> WriteAsync(ApiRequest request, ObjectList list, ObjectForm form)
    {
        if (form.NeedsPreparation && await form.PrepareAsync(list.Objects, request.Cancellation) is { } failure)
            return failure;
        WarningHeaders.Write(request);
        var items = form.ItemsLength(list);
        var start = new ArrayBufferWriter<byte>(512);
        form.WriteListStart(list.Metadata, start);

        await using var body = BodyWriter.Open(request.Http, form.ContentType, LengthOf(form, items, start.WrittenCount));
        body.Write(start.WrittenSpan);
        if (list.Chosen is { } chosen)
        {
            for (var i = 0; i < chosen.Count; i++)
            {
                form.WriteListItem(chosen[i], i == 0, body);
                if (body.IsFlushDue)
                    await body.FlushAsync(request.Cancellation);
            }
        }
        else
        {
            var first = true;
            foreach (var obj in list.Range)
            {
                form.WriteListItem(obj, first, body);
                first = false;
                if (body.IsFlushDue)
                    await body.FlushAsync(request.Cancellation);
            }
        }
        form.WriteListEnd(body);
        await body.CompleteAsync(request.Cancellation);
        return null;
    }

    /// <summary>The length of the whole list, when the form can tell that of its items.</summary>
    private static long? LengthOf(ObjectForm form, long? items, int startLength)
    {
        // A form that cannot tell may keep state in its end, too; only the others are asked twice.
        if (items is null)
            return null;
        var end = new ArrayBufferWriter<byte>(16);
        form.WriteListEnd(end);
        return startLength + items + end.WrittenCount;
    }
}
