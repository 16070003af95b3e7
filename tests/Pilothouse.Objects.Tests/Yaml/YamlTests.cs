using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Pilothouse.Objects.Tests;

public sealed class YamlTests
{
    private static string Json(string yaml) =>
        Yaml.ToJson(Encoding.UTF8.GetBytes(yaml)) is { Succeeded: true } outcome
            ? Encoding.UTF8.GetString(outcome.Value)
            : throw new FormatException(Yaml.ToJson(Encoding.UTF8.GetBytes(yaml)).Failure!.Message);

    private static string Error(string yaml) => Yaml.ToJson(Encoding.UTF8.GetBytes(yaml)).Failure?.Message ?? "";

    [Theory]
    [InlineData("y", "true")]
    [InlineData("Off", "false")]
    [InlineData("\"y\"", "\"y\"")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("0777", "511")]
    [InlineData("0o17", "15")]
    [InlineData("0x1F", "31")]
    [InlineData("-0b11", "-3")]
    [InlineData("08", "8")]
    [InlineData("1_000", "1000")]
    [InlineData("+5", "5")]
    [InlineData("1e3", "1000")]
    [InlineData("1.50", "1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("12e", "\"12e\"")]
    [InlineData("2001-01-01", "\"2001-01-01\"")]
    [InlineData("2001-01-01T00:00:00Z", "\"2001-01-01T00:00:00Z\"")]
    [InlineData("10:30", "\"10:30\"")]
    [InlineData("!!str 5", "\"5\"")]
    [InlineData("!!int \"5\"", "5")]
    [InlineData("!!binary aGk=", "\"hi\"")]
    [InlineData("[a, 1, {b: c}]", """["a",1,{"b":"c"}]""")]
    [InlineData("1: a\ntrue: b", """{"1":"a","true":"b"}""")]
    [InlineData("b: 1\na: 2", """{"a":2,"b":1}""")]
    [InlineData("a: 1\n---\n}{ not looked at", """{"a":1}""")]
    [InlineData("a: |\n  x\n  y\nb: >-\n  x\n  y\n", """{"a":"x\ny\n","b":"x y"}""")]
    [InlineData("a: &x {k: v}\nb: *x", """{"a":{"k":"v"},"b":{"k":"v"}}""")]
    [InlineData("a: &x {k: v, l: w}\nb:\n  <<: *x\n  k: z", """{"a":{"k":"v","l":"w"},"b":{"k":"z","l":"w"}}""")]
    [InlineData("{\"a\":\"b\\u00e4\",\"c\":[1,true,null]}", """{"a":"bä","c":[1,true,null]}""")]
    public void Scalars_and_structures_are_those_of_version_1_1(string yaml, string json) => Assert.Equal(json, Json(yaml));

    [Fact]
    public void Of_duplicate_keys_the_last_counts_and_strict_reading_names_them()
    {
        var yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  name: z\n"u8;
        var json = Encoding.UTF8.GetString(Yaml.ToJson(yaml, out var strict).Value);
        Assert.Equal("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"z"}}""", json);
        Assert.Equal("yaml: unmarshal errors:\n  line 5: key \"name\" already set in map", strict);
    }

    [Theory]
    [InlineData("a: b: c", "yaml: line 1: mapping values are not allowed in this context")]
    [InlineData("a: *x", "yaml: unknown anchor 'x' referenced")]
    [InlineData("a: &x [*x]", "yaml: anchor 'x' value contains itself")]
    [InlineData("a: .nan", "json: unsupported value: NaN")]
    public void What_cannot_be_read_is_refused(string yaml, string message) => Assert.Equal(message, Error(yaml));

    [Fact]
    public void Aliases_may_not_multiply_without_bound()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 12; i++)
            bomb.Append($"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        Assert.Equal("yaml: document contains excessive aliasing", Error(bomb.ToString()));
    }

    [Fact]
    public void Depth_is_bounded() => Assert.Contains("exceeded max depth", Error(new string('[', 5000)));

    [Theory]
    [InlineData("""{"b":[1,"2",{"x":null,"y":[]}],"a":"true","e":""}""", "a: \"true\"\nb:\n- 1\n- \"2\"\n- x: null\n  \"y\": []\ne: \"\"\n")]
    [InlineData("""{"t":"a\nb\n","u":"a\nb","q":"- x","c":"k: v","i":"it's"}""", "c: 'k: v'\ni: it's\nq: '- x'\nt: |\n  a\n  b\nu: |-\n  a\n  b\n")]
    [InlineData("""{"time":"2026-01-02T03:04:05Z","v":{"deep":{"er":1.5}}}""", "time: \"2026-01-02T03:04:05Z\"\nv:\n  deep:\n    er: 1.5\n")]
    public void Json_is_written_as_Go_writes_it(string json, string yaml) =>
        Assert.Equal(yaml, Encoding.UTF8.GetString(Yaml.FromJson(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var text = Gen.OneOf(Gen.String[0, 12], Gen.String[Gen.Char["ab01 .:-#'\"\n\\{}[]&*!|>%@`,?~yn<é\t"], 0, 8]);
        var scalar = Gen.OneOf(
            text.Select(t => (JsonNode?)JsonValue.Create(t)), Gen.Long.Select(l => (JsonNode?)JsonValue.Create(l)),
            Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)), Gen.Const((JsonNode?)null));
        var list = scalar.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())]));
        // The library takes a word that begins with an asterisk for an alias, and the colon behind it for a part of that.
        var key = text.Where(t => !t.Contains(" *", StringComparison.Ordinal));
        var map = Gen.Select(key, Gen.OneOf(scalar, list)).Array[0, 5].Select(pairs =>
        {
            var obj = new JsonObject();
            foreach (var (name, value) in pairs)
                obj[name] = value?.DeepClone();
            return (JsonNode?)obj;
        });
        Gen.OneOf(map, map.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())]))).Sample(node =>
        {
            var json = Encoding.UTF8.GetBytes(node!.ToJsonString());
            var yaml = Yaml.FromJson(json);
            var back = Yaml.ToJson(yaml);
            Assert.True(back.Succeeded, $"{back.Failure?.Message}\n{Encoding.UTF8.GetString(yaml)}");
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(back.Value)), Encoding.UTF8.GetString(yaml));
        });
    }

    [Theory]
    [InlineData("-\t{[\"'&[ \"\\<.\r|{>][[,\r.[")]
    [InlineData("-\t{[\"'&[ \"\\<.\n|{>][[,\n.[")]
    public void Text_on_which_the_scanner_stumbles_is_refused(string text) =>
        Assert.False(Yaml.ToJson(Encoding.UTF8.GetBytes(text)).Succeeded);

    [Fact]
    public void Random_text_never_throws()
    {
        Gen.Byte.Array[0, 80].Sample(bytes => { _ = Yaml.ToJson(bytes); }, iter: 1000);
        Gen.String[Gen.Char["ab01 .:-#'\"\n\\{}[]&*!|>%@`,?~yn<\t\r"], 0, 60].Sample(text => { _ = Yaml.ToJson(Encoding.UTF8.GetBytes(text)); }, iter: 4000);
    }
}
