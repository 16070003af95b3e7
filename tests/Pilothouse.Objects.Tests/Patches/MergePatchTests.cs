using System.Text.Json.Nodes;
using CsCheck;

namespace Pilothouse.Objects.Tests;

public class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [InlineData("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""[1,2]""", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void The_examples_of_the_RFC_hold(string document, string patch, string expected) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), MergePatch.Apply(JsonNode.Parse(document), JsonNode.Parse(patch))));

    [Fact]
    public void Applying_a_patch_twice_is_applying_it_once() =>
        Gen.Select(Json, Json).Sample((document, patch) =>
        {
            var once = MergePatch.Apply(JsonNode.Parse(document), JsonNode.Parse(patch));
            Assert.True(JsonNode.DeepEquals(once, MergePatch.Apply(once?.DeepClone(), JsonNode.Parse(patch))));
        });

    private static Gen<string> Json { get; } = Nested(3);

    private static Gen<string> Nested(int depth) => depth == 0 ? OneOf("1", "null", "\"s\"", "[1]", "{}")
        : Gen.Dictionary(OneOf("a", "b", "c"), Gen.OneOf(OneOf("1", "null", "[1]"), Nested(depth - 1)))[0, 3]
            .Select(map => $"{{{string.Join(',', map.Select(e => $"\"{e.Key}\":{e.Value}"))}}}");

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
