using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas.Tests;

public sealed class LongListTests
{
    private const int Many = 100_000;

    private static readonly StructuralSchema Map = StructuralSchemaReader.Read((JsonObject)JsonNode.Parse(
        """
        {"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["a","b"],"items":{"type":"object",
         "properties":{"a":{"type":"string"},"b":{"type":"integer"},"c":{"type":"string","maxLength":1}}}}
        """)!);

    [Theory]
    [InlineData("""{"a":"x","b":1}""", "first")]
    [InlineData("""{"a":"x","b":1.0}""", "first")]
    [InlineData("""{"a":"x","b":2}""", "second")]
    [InlineData("""{"a":"x"}""", "third")]
    [InlineData("""{"a":"x","b":"1"}""", null)]
    [InlineData("""{"a":"x","b":{}}""", null)]
    [InlineData("""{"a":"y","b":1}""", null)]
    [InlineData("\"x\"", null)]
    public void Elements_of_a_map_are_found_by_their_keys(string element, string? expected)
    {
        var old = JsonNode.Parse("""["x",{"a":"x","b":1,"c":"first"},{"a":"x","b":1,"c":"again"},{"a":"x","b":2,"c":"second"},{"a":"x","c":"third"},{"a":"x","b":{}}]""");

        Assert.Equal(expected, new OldElements(Map, old).Find(JsonNode.Parse(element))?["c"]?.GetValue<string>());
    }

    [Fact]
    public void Other_lists_have_no_old_elements() =>
        Assert.Null(new OldElements(StructuralSchemaReader.Read(new() { ["type"] = "array" }), JsonNode.Parse("[{}]")).Find(new JsonObject()));

    [Fact]
    public async Task A_long_list_of_faults_is_checked_in_time()
    {
        var list = new JsonArray([.. Enumerable.Range(0, Many).Select(i => new JsonObject { ["a"] = $"{i}", ["b"] = 1L, ["c"] = "long" })]);

        var faults = await Task.Run(() => Faults(list), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(Many, faults);
    }

    [Fact]
    public async Task What_does_not_change_in_a_long_list_is_found_in_time()
    {
        var schema = StructuralSchemaReader.Read((JsonObject)JsonNode.Parse("""{"type":"object","properties":{"l":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["a"],"items":{"type":"object","properties":{"a":{"type":"string"},"c":{"type":"string","maxLength":1}}}}}}""")!);
        JsonObject Of(IEnumerable<int> items) => new() { ["l"] = new JsonArray([.. items.Select(i => new JsonObject { ["a"] = $"{i}", ["c"] = "long" })]) };
        var (now, old) = (Of(Enumerable.Range(0, Many + 1).Reverse()), Of(Enumerable.Range(0, Many)));
        var errors = new FieldErrors();

        await Task.Run(() => StructuralValidation.Validate(schema, now, "", Correlation.OfObject(schema, now, old), errors), TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Single(errors.All);
    }

    private static int Faults(JsonArray list)
    {
        var errors = new FieldErrors();
        StructuralValidation.Validate(Map, list, "", null, errors);
        return errors.All.Count;
    }
}
