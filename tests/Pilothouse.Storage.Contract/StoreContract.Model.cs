using CsCheck;
using Pilothouse.Objects;

namespace Pilothouse.Storage.Contract;

public abstract partial class StoreContract
{
    private static readonly Gen<string> Keys = Gen.Select(Gen.OneOf(Gen.Const("/a"), Gen.Const("/a/"), Gen.Const("/ab")), Gen.Int[0, 4], (folder, n) => $"{folder}/{n}");

    /// <summary>Back: how many revisions before the newest; beyond the beginning means "now".</summary>
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (5, Gen.Select(Keys, Gen.String[Gen.Char.AlphaNumeric, 0, 20], (key, value) => new Step(StepKind.Create, key, value))),
        (5, Gen.Select(Keys, Gen.String[Gen.Char.AlphaNumeric, 0, 20], (key, value) => new Step(StepKind.Update, key, value))),
        (3, Keys.Select(key => new Step(StepKind.Delete, key))),
        (2, Gen.Select(Keys, Gen.Int[0, 6], (key, back) => new Step(StepKind.StaleUpdate, key, "stale", back))),
        (4, Gen.Select(Keys, Gen.Int[-1, 12], (key, back) => new Step(StepKind.Get, key, "", back))),
        (4, Gen.Select(Keys, Keys, Gen.Int[-1, 12], Gen.Int[0, 5], (start, end, back, limit) => new Step(StepKind.Range, start, end, back, limit))),
        (1, Gen.Int[0, 8].Select(back => new Step(StepKind.Compact, "", "", back))));

    private enum StepKind
    {
        Create,
        Update,
        StaleUpdate,
        Delete,
        Get,
        Range,
        Compact,
    }

    [Fact]
    public Task Random_histories_agree_with_the_model() =>
        Steps.List[1, 40].SampleAsync(async steps =>
        {
            var first = await Store.CurrentRevisionAsync(Never);
            foreach (var leftOver in (await Store.RangeAsync(StoreRange.Prefix("/"), Never)).Entries)
                first = await DeleteAsync(leftOver.Key, leftOver.Modified);
            await Store.CompactAsync(first, Never);
            var model = new StoreModel(first) { Compacted = first };
            foreach (var step in steps)
                await CheckAsync(step, model);
            await using var watcher = new StoreWatcher(Store, model.Compacted);
            var expected = model.Changes.Where(change => change.Revision > model.Compacted).ToArray();
            Assert.Equal(expected.Select(Describe), (await watcher.NextAsync(expected.Length)).Select(Describe));
        }, iter: Histories, threads: 1);

    private static string Describe(StoreEvent change) =>
        $"{change.Revision} {change.Key} {(change.Value is { } value ? Text(value) : "-")} {change.Created}";

    private static string Describe(StoreEntry? entry) =>
        entry is null ? "nothing" : $"{entry.Key} {Text(entry.Value)} {entry.Created} {entry.Modified}";

    private async Task CheckAsync(Step step, StoreModel model)
    {
        var at = step.Back < 0 ? Revision.None : new Revision(Math.Max(model.Current.Value - step.Back, 1));
        var shown = at.IsNone ? model.Current : at;
        var stands = model.Get(step.Key, model.Current)?.Modified ?? Revision.None;
        switch (step.Kind)
        {
            case StepKind.Create:
                await CheckWriteAsync(StoreWrite.Create(step.Key, Bytes(step.Text)), model);
                break;
            case StepKind.Update:
                await CheckWriteAsync(StoreWrite.Update(step.Key, Bytes(step.Text), stands), model);
                break;
            case StepKind.StaleUpdate:
                await CheckWriteAsync(StoreWrite.Update(step.Key, Bytes(step.Text), at), model);
                break;
            case StepKind.Delete:
                await CheckWriteAsync(StoreWrite.Delete(step.Key, stands), model);
                break;
            case StepKind.Compact:
                await Store.CompactAsync(shown, Never);
                model.Compacted = shown > model.Compacted ? shown : model.Compacted;
                break;
            case StepKind.Get or StepKind.Range when shown < model.Compacted:
                await Assert.ThrowsAsync<RevisionCompactedException>(async () => await Store.GetAsync(step.Key, at, Never));
                break;
            case StepKind.Get:
                Assert.Equal(Describe(model.Get(step.Key, shown)), Describe(await Store.GetAsync(step.Key, at, Never)));
                break;
            case StepKind.Range:
                var range = new StoreRange(step.Key, step.Text, step.Limit, at);
                var expected = model.Range(range, shown).ToArray();
                var page = await Store.RangeAsync(range, Never);
                var taken = step.Limit == 0 ? expected.Length : Math.Min(step.Limit, expected.Length);
                Assert.Equal(expected.Take(taken).Select(Describe), page.Entries.Select(Describe));
                Assert.Equal((shown, expected.Length > taken, expected.Length), (page.Revision, page.More, page.Count));
                break;
        }
    }

    private async Task CheckWriteAsync(StoreWrite write, StoreModel model)
    {
        var expected = model.Write(write);
        var result = await Store.WriteAsync(write, Never);
        Assert.Equal((expected.Succeeded, expected.Revision, Describe(expected.Current)), (result.Succeeded, result.Revision, Describe(result.Current)));
    }

    private sealed record Step(StepKind Kind, string Key, string Text = "", int Back = 0, int Limit = 0);
}
