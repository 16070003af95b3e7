using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pilothouse.Server.Auditing;

namespace Pilothouse.Server.Tests.Auditing;

public sealed class AuditBackendTests
{
    private static readonly ReadOnlyMemory<byte> s_event = """{"kind":"Event","requestObject":{"a":"bcdefghijklmnopqrstuvwxyz"}}"""u8.ToArray();

    [Fact]
    public async Task A_log_that_is_full_is_renamed_and_old_ones_go()
    {
        var directory = Directory.CreateTempSubdirectory("audit-").FullName;
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-01-31T12:30:00Z"));
        var path = Path.Combine(directory, "audit.log");
        var large = new byte[600 * 1024];
        Array.Fill(large, (byte)'x');
        await using (var log = new AuditLogFile(new() { Path = path, MaxSize = 1, MaxBackups = 2 }, time))
        {
            for (var i = 0; i < 5; i++)
            {
                await log.SendAsync([large], CancellationToken.None);
                time.Advance(TimeSpan.FromMinutes(1));
            }
        }
        Assert.Equal(
            ["audit-2026-01-31T12-33-00.000.log", "audit-2026-01-31T12-34-00.000.log", "audit.log"],
            Directory.EnumerateFiles(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task An_old_log_is_appended_to_and_is_its_owners_alone()
    {
        var directory = Directory.CreateTempSubdirectory("audit-").FullName;
        var path = Path.Combine(directory, "audit.log");
        for (var i = 0; i < 2; i++)
        {
            await using var log = new AuditLogFile(new() { Path = path }, TimeProvider.System);
            await log.SendAsync([s_event], CancellationToken.None);
        }
        Assert.Equal(2, (await File.ReadAllLinesAsync(path)).Length);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Batches_go_when_they_are_full_or_their_time_is_up()
    {
        var time = new FakeTimeProvider();
        var sink = new Counted();
        await using var backend = new BatchedAudit(sink, new() { MaxSize = 3, MaxWait = TimeSpan.FromSeconds(30) }, time, NullLogger.Instance);
        for (var i = 0; i < 3; i++)
            await backend.WriteAsync(s_event, AuditStages.ResponseComplete, CancellationToken.None);
        Assert.Equal(3, await sink.NextAsync());
        await backend.WriteAsync(s_event, AuditStages.ResponseComplete, CancellationToken.None);
        var next = sink.NextAsync();
        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(31));
            await Task.WhenAny(next, Task.Delay(10));
        }
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task What_does_not_fit_into_the_queue_is_dropped_and_what_waits_is_sent_at_the_end()
    {
        var sink = new Counted();
        var backend = new BatchedAudit(
            sink, new() { BufferSize = 2, MaxSize = 100, MaxWait = TimeSpan.FromHours(1) }, new FakeTimeProvider(), NullLogger.Instance);
        for (var i = 0; i < 50; i++)
            Assert.True(await backend.WriteAsync(s_event, AuditStages.ResponseComplete, CancellationToken.None));
        await backend.DisposeAsync();
        Assert.InRange(await sink.NextAsync(), 1, 50);
    }

    [Fact]
    public async Task Objects_are_left_out_of_events_that_are_too_large()
    {
        var kept = new Counted();
        await using var backend = new TruncatedAudit(
            new BlockingAudit(kept, strict: false, TimeSpan.FromSeconds(5), NullLogger.Instance), maxEventSize: s_event.Length - 1);
        await backend.WriteAsync(s_event, AuditStages.ResponseComplete, CancellationToken.None);
        Assert.Equal(0, await kept.NextAsync());
    }

    /// <summary>Tells how many events each delivery had; none for one whose event was shortened too much to carry an object.</summary>
    private sealed class Counted : IAuditSink
    {
        private readonly System.Threading.Channels.Channel<int> _sizes = System.Threading.Channels.Channel.CreateUnbounded<int>();

        public string Name => "counted";

        public Task<int> NextAsync() => _sizes.Reader.ReadAsync().AsTask();

        public ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
        {
            var whole = events.Count(e => System.Text.Encoding.UTF8.GetString(e.Span) is var text && text.Contains("requestObject", StringComparison.Ordinal));
            return _sizes.Writer.WriteAsync(whole, cancellationToken);
        }

        public ValueTask DisposeAsync() => default;
    }
}
