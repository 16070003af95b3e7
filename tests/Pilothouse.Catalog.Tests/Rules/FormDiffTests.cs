namespace Pilothouse.Catalog.Tests.Rules;

public sealed class FormDiffTests
{
    [Fact]
    public void Lines_that_differ_are_shown_with_three_around_them() =>
        Assert.Equal("""
            @@ -2,7 +2,7 @@
              "A": 1,
              "B": [],
              "C": {
            -  "D": "x, {y}: \"z\""
            +  "D": "w"
              },
              "E": [
               1,

            """.ReplaceLineEndings("\n"),
            FormDiff.Of("""{"A":1,"B":[],"C":{"D":"x, {y}: \"z\""},"E":[1,2],"F":3}""", """{"A":1,"B":[],"C":{"D":"w"},"E":[1,2],"F":3}"""));

    [Fact]
    public void What_is_far_apart_is_shown_apart() =>
        Assert.Equal("@@ -1,4 +1,5 @@\n [\n+ 0,\n  1,\n  2,\n  3,\n@@ -6,6 +7,5 @@\n  5,\n  6,\n  7,\n- 8,\n- 9\n+ 8\n ]\n",
            FormDiff.Of("[1,2,3,4,5,6,7,8,9]", "[0,1,2,3,4,5,6,7,8]"));

    [Fact]
    public async Task Of_long_texts_only_the_ends_are_compared()
    {
        var lines = Enumerable.Range(0, 200_000).Select(i => i % 2_000).ToList();
        var before = $"[{string.Join(',', lines)},\"end\"]";
        var after = $"[{string.Join(',', lines.Take(5).Concat(lines.Skip(5).Reverse()))},\"end\"]";

        var diff = await Task.Run(() => FormDiff.Of(before, after), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.StartsWith("@@ -4,200000 +4,200000 @@\n  2,\n  3,\n  4,\n- 5,\n", diff, StringComparison.Ordinal);
        Assert.EndsWith("+ 5,\n  \"end\"\n ]\n", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_the_same_shows_nothing() => Assert.Equal("", FormDiff.Of("{}", "{}"));
}
