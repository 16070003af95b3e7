using CsCheck;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Tests.Watching;

public class ObjectTreeTests
{
    private static readonly Gen<(string Name, bool Remove)[]> s_edits =
        Gen.Select(Gen.Int[0, 400].Select(n => $"n{n}"), Gen.Int[0, 3].Select(n => n == 0)).Array[0, 1500];

    [Fact]
    public void Any_sequence_of_changes_leaves_what_a_sorted_dictionary_has() =>
        s_edits.Sample(
            edits =>
            {
                var model = new SortedDictionary<string, CachedObject>(StringComparer.Ordinal);
                var tree = ObjectTree.Empty;
                foreach (var (name, remove) in edits)
                {
                    var obj = TestObjects.Cached("ns", name);
                    var had = model.GetValueOrDefault(obj.Key);
                    CachedObject? was;
                    if (remove)
                    {
                        tree = tree.Without(obj.Key, out was);
                        model.Remove(obj.Key);
                    }
                    else
                    {
                        tree = tree.With(obj, out was);
                        model[obj.Key] = obj;
                    }
                    Assert.Same(had, was);
                }
                Assert.Equal(model.Count, tree.Count);
                Assert.Equal(model.Values, tree.All);
                foreach (var (key, obj) in model)
                    Assert.True(tree.TryFind(key, out var found) && ReferenceEquals(found, obj));
            },
            iter: 60);

    [Fact]
    public void Ranges_and_ranks_are_those_of_the_sorted_keys() =>
        Gen.Select(Gen.Int[0, 500].Array[0, 600], Gen.Int[0, 510], Gen.Int[0, 510]).Sample(
            (numbers, from, to) =>
            {
                var sorted = numbers.Distinct().Select(n => TestObjects.Cached("ns", $"{n:000}")).OrderBy(o => o.Key, StringComparer.Ordinal).ToList();
                var (start, end) = ($"/configmaps/ns/{from:000}", $"/configmaps/ns/{to:000}");
                var tree = ObjectTree.FromSorted(sorted);
                Assert.Equal(sorted.Count(o => string.CompareOrdinal(o.Key, start) < 0), tree.Rank(start));
                var range = tree.Range(start, end);
                Assert.Equal(
                    sorted.Where(o => string.CompareOrdinal(o.Key, start) >= 0 && string.CompareOrdinal(o.Key, end) < 0), range);
                Assert.Equal(range.Count, range.ToList().Count);
                Assert.Equal(range.ToList().Skip(3).Take(70), range.Skip(3).Take(70));
            },
            iter: 200);

    [Fact]
    public void A_snapshot_stays_as_it_was()
    {
        var tree = ObjectTree.FromSorted([.. Enumerable.Range(0, 5000).Select(i => TestObjects.Cached("ns", $"{i:0000}"))]);
        var before = tree.All.ToList();
        var later = tree;
        for (var i = 0; i < 5000; i += 3)
            later = i % 2 == 0 ? later.Without($"/configmaps/ns/{i:0000}", out _) : later.With(TestObjects.Cached("ns", $"{i:0000}x"), out _);
        Assert.Equal(before, tree.All);
        Assert.NotEqual(tree.Count, later.Count);
    }

    [Fact]
    public void Emptying_a_tree_key_by_key_leaves_the_empty_tree()
    {
        var tree = ObjectTree.FromSorted([.. Enumerable.Range(0, 3000).Select(i => TestObjects.Cached("ns", $"{i:0000}"))]);
        foreach (var obj in tree.All.ToList())
            tree = tree.Without(obj.Key, out _);
        Assert.Empty(tree.All);
    }
}
