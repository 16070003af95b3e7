using System.Globalization;
using Pilothouse.Bench.Storage;
using Pilothouse.Objects;
using Pilothouse.Storage;
using Pilothouse.Storage.Contract;
using Pilothouse.Storage.Etcd;
using Pilothouse.Storage.Sqlite;

// bench-storage [sqlite|etcd|all] [SECONDS per measurement] [ROUNDS]
var what = args.ElementAtOrDefault(0) ?? "all";
var duration = TimeSpan.FromSeconds(double.Parse(args.ElementAtOrDefault(1) ?? "3", CultureInfo.InvariantCulture));
var rounds = int.Parse(args.ElementAtOrDefault(2) ?? "3", CultureInfo.InvariantCulture);
var value = new byte[1024];
new Random(1).NextBytes(value);
var directory = Directory.CreateTempSubdirectory("pilothouse-bench-").FullName;
Console.WriteLine("| work | ours /s | limit /s | ratio | budget | our CPU | limit's CPU |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
if (what is "all" or "sqlite")
{
    foreach (var callers in new[] { 1, 32, 128 })
        await SqliteAsync(callers);
}
if (what is "all" or "etcd")
{
    foreach (var callers in new[] { 32, 128 })
        await EtcdAsync(callers);
}
Directory.Delete(directory, recursive: true);

async Task SqliteAsync(int callers)
{
    Report($"SQLite: create 1 KiB, {callers} callers", 0.80, await Rate.CompareAsync(rounds, async round =>
    {
        await using var store = SqliteStore.Open(Path.Combine(directory, $"store-{callers}-{round}"));
        return await Rate.OfAsync(callers, duration, (caller, i) => WriteAsync(store, StoreWrite.Create($"/configmaps/ns-{caller}/cm-{i}", value)));
    }, (round, _) => Task.FromResult(RawSqlite.Insert(Path.Combine(directory, $"raw-{callers}-{round}.db"), callers, duration, value))));
}

async Task EtcdAsync(int callers)
{
    await using var etcd = await EtcdProcess.StartAsync();
    await using var store = new EtcdStore(new EtcdSettings { Endpoints = [etcd.Address] }, TimeProvider.System);
    using var raw = new RawEtcd(etcd.Address);
    await Rate.OfAsync(callers, TimeSpan.FromSeconds(1), (caller, i) => WriteAsync(store, StoreWrite.Create($"/warm/{caller}/{i}", value)));
    await Rate.OfAsync(callers, TimeSpan.FromSeconds(1), (caller, i) => raw.PutAsync($"/warm/{caller}/{i}", value, 0));
    Report($"etcd: create 1 KiB, {callers} callers", 0.85, await Rate.CompareAsync(rounds,
        round => Rate.OfAsync(callers, duration, (caller, i) => WriteAsync(store, StoreWrite.Create($"/create/{round}/{caller}/{i}", value))),
        (round, _) => Rate.OfAsync(callers, duration, (caller, i) => raw.PutAsync($"/raw/create/{round}/{caller}/{i}", value, 0))));
    var ours = new Revision[callers];
    var theirs = new long[callers];
    Report($"etcd: update 1 KiB, {callers} callers", 0.85, await Rate.CompareAsync(rounds,
        _ => Rate.OfAsync(callers, duration, async (caller, _) =>
            ours[caller] = await WriteAsync(store, StoreWrite.Update($"/update/{caller}", value, ours[caller]))),
        (_, _) => Rate.OfAsync(callers, duration, async (caller, _) => theirs[caller] = await raw.PutAsync($"/raw/update/{caller}", value, theirs[caller]))));
}

static async Task<Revision> WriteAsync(IStore store, StoreWrite write) =>
    await store.WriteAsync(write, CancellationToken.None) is { Succeeded: true } result
        ? result.Revision
        : throw new InvalidOperationException($"{write.Key} was refused");

static void Report(string work, double budget, (Rate Ours, Rate Limit, double Ratio) figures) => Console.WriteLine(
    $"| {work} | {figures.Ours.PerSecond:F0} | {figures.Limit.PerSecond:F0} | {figures.Ratio:P0} | {budget:P0}{(figures.Ratio < budget ? " MISSED" : "")} "
    + $"| {figures.Ours.CpuMicroseconds:F0} us | {figures.Limit.CpuMicroseconds:F0} us |");
