namespace Pilothouse.Certificates;

/// <summary>
/// Lets one caller at a time look whether something changed, and at most once a second; the others go on with what is there.
/// </summary>
internal sealed class ChangeCheck
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _next;

    /// <summary>Runs the look if it is due and nobody else is at it.</summary>
    public void RunIfDue(DateTimeOffset now, Action look)
    {
        if (now.UtcTicks < Volatile.Read(ref _next) || !_gate.TryEnter())
            return;
        try
        {
            if (now.UtcTicks < _next)
                return;
            Volatile.Write(ref _next, (now + _interval).UtcTicks);
            look();
        }
        finally
        {
            _gate.Exit();
        }
    }
}
