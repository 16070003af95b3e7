using System.Text.Json;

namespace Pilothouse.Catalog.Tests;

public sealed class JsonPathTests
{
    [Theory]
    [InlineData(".a[1:5:3]", "1 4")]
    [InlineData(".a[-2:]", "4 5")]
    [InlineData(".a[0,-1]", "0 5")]
    [InlineData(".a[1:6:2147483647]", "1")]
    [InlineData(".a[?(@>3)]", "4 5")]
    [InlineData(".b..c", "7 8")]
    [InlineData(".b.*.c", "8")]
    public void A_path_leads_to_elements(string path, string expected) =>
        Assert.Equal(expected, string.Join(' ', Find(path, """{"a":[0,1,2,3,4,5],"b":{"c":7,"d":{"c":8}}}""")));

    [Fact]
    public void Filters_nested_too_deeply_are_no_path()
    {
        Assert.NotNull(JsonPath.TryParse(Nested(JsonPath.MaxNesting)));
        Assert.Null(JsonPath.TryParse(Nested(JsonPath.MaxNesting + 1)));
        Assert.Null(JsonPath.TryParse(Nested(200_000)));
    }

    [Fact]
    public void A_step_gives_the_first_elements_of_many() =>
        Assert.Equal(Enumerable.Range(0, JsonPath.MostFound), Find(".a[*]", List(50_000)).Select(e => e.GetInt32()));

    [Theory]
    [InlineData("..*")]
    [InlineData(".a[0:]")]
    [InlineData(".a[?(@..*)]")]
    [InlineData(".a[-1,-1]")]
    public async Task A_path_of_many_steps_comes_to_an_end(string step)
    {
        var path = string.Concat(Enumerable.Repeat(step, 20_000));

        var search = await Task.Run(() => Find(path, List(50_000)).Count, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.InRange(search, 0, JsonPath.MostFound);
    }

    [Fact]
    public void A_union_of_many_indexes_comes_to_an_end()
    {
        var path = $".a[{string.Join(',', Enumerable.Repeat("-1", 200_000))}]";
        var list = $$"""{"a":[{{string.Join(',', Enumerable.Repeat("{}", 100_000))}}]}""";

        Assert.InRange(Find(path, list).Count, 1, 10);
    }

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("@[?(", depth)) + "@.a" + string.Concat(Enumerable.Repeat(")]", depth));

    private static string List(int length) => $$"""{"a":[{{string.Join(',', Enumerable.Range(0, length))}}]}""";

    private static IReadOnlyList<JsonElement> Find(string path, string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonPath.TryParse(path)!.Find(document.RootElement.Clone());
    }
}
