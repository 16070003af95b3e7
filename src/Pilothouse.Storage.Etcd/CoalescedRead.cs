namespace Pilothouse.Storage.Etcd;

/// <summary>
/// Shares one read among callers, without ever giving a caller an answer that was asked for before it came: who comes while a
/// read is under way gets the next one, together with everybody else who came in the meantime.
/// </summary>
internal sealed class CoalescedRead<T>(Func<Task<T>> read)
{
    private readonly Lock _lock = new();
    private Task<T>? _running;
    private Task<T>? _next;

    public Task<T> GetAsync()
    {
        lock (_lock)
        {
            if (_running is null || _running.IsCompleted && _next is null)
                return _running = Task.Run(read);
            return _next ??= AfterAsync(_running);
        }
    }

    private async Task<T> AfterAsync(Task<T> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            // From here on this is the read under way: who comes now has to wait for another.
            _running = _next;
            _next = null;
        }
        return await read();
    }
}
