using System.Text;
using Pilothouse.Objects;
using Pilothouse.Storage;
using Pilothouse.Storage.Sqlite;

// Pilothouse.Storage.CrashHost DIRECTORY ROUND
// Writes to the store in DIRECTORY as fast as it can until it is killed. Tells on standard output, a line each:
//   opened REVISION      where the store stood
//   KEY REVISION         a write that was acknowledged
await using var store = SqliteStore.Open(args[0]);
await using var output = Console.OpenStandardOutput();
var gate = new Lock();
void Tell(string line)
{
    lock (gate)
        output.Write(Encoding.UTF8.GetBytes(line + '\n'));
}

Tell($"opened {await store.CurrentRevisionAsync(default)}");
var value = new byte[1024];
var writers = Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
{
    for (var i = 0; ; i++)
    {
        var key = $"/r{args[1]}/w{writer}/{i}";
        var revision = await WriteAsync(StoreWrite.Create(key, value));
        if (i % 4 == 1)
            revision = await WriteAsync(StoreWrite.Update(key, value, revision));
        // Told only when it is over: a deletion told in between would need a line of its own.
        if (i % 4 == 2)
            revision = await WriteAsync(StoreWrite.Delete(key, revision));
        Tell($"{(i % 4 == 2 ? "gone:" : "")}{key} {revision}");
    }
}));
var compactor = Task.Run(async () =>
{
    while (true)
    {
        await Task.Delay(20);
        await store.CompactAsync(await store.CurrentRevisionAsync(default), default);
    }
});
await await Task.WhenAny([.. writers, compactor]);

async Task<Revision> WriteAsync(StoreWrite write) =>
    await store.WriteAsync(write, default) is { Succeeded: true } result ? result.Revision : throw new InvalidOperationException($"{write.Key} was refused");
