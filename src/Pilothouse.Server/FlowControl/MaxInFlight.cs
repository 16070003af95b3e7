using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.FlowControl;

/// <summary>
/// Bounds how many requests are handled at once, reading and writing ones apart. What is too much is refused at once with 429
/// and never queued. Long-running requests do not count, and system:masters are let through.
/// </summary>
internal sealed class MaxInFlight(int maxReading, int maxWriting)
{
    private int _reading;
    private int _writing;

    /// <summary>Requests being handled now that read.</summary>
    public int Reading => Volatile.Read(ref _reading);

    /// <summary>Requests being handled now that write.</summary>
    public int Writing => Volatile.Read(ref _writing);

    /// <summary>Counts the request in; false when there are too many. <see cref="Leave"/> must follow a true answer.</summary>
    public bool TryEnter(ApiRequest request)
    {
        var writes = Writes(request.Info);
        ref var count = ref writes ? ref _writing : ref _reading;
        var max = writes ? maxWriting : maxReading;
        if (Interlocked.Increment(ref count) <= max || max == 0 || request.User.IsIn(UserInfo.Masters))
            return true;
        Interlocked.Decrement(ref count);
        return false;
    }

    public void Leave(ApiRequest request)
    {
        if (Writes(request.Info))
            Interlocked.Decrement(ref _writing);
        else
            Interlocked.Decrement(ref _reading);
    }

    private static bool Writes(RequestInfo info) => info.Verb is not ("get" or "list" or "watch" or "head");
}
