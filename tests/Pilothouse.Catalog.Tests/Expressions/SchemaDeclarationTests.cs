using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Cel;

namespace Pilothouse.Catalog.Tests.Expressions;

/// <summary>What rules of custom resources may cost, with upstream's figures (apiextensions-apiserver, schema/cel).</summary>
public sealed class SchemaDeclarationTests
{
    private const string Number = """{"type":"number"}""";
    private const string Text = """{"type":"string"}""";
    private const string Flag = """{"type":"boolean"}""";
    private const string Either = """{"x-kubernetes-int-or-string":true}""";
    private const string Day = """{"type":"string","format":"date"}""";
    private const string Moment = """{"type":"string","format":"date-time"}""";
    private const string Span = """{"type":"string","format":"duration"}""";
    private const string Numbers = """{"type":"array","items":{"type":"number"}}""";
    private const string Thing = """{"type":"object","required":["required"],"properties":{"required":{"type":"string"},"optional":{"type":"string"}}}""";
    private const string NumberMap = """{"type":"object","additionalProperties":{"type":"number"}}""";

    [Theory]
    [InlineData(Number, "self.all(x, true)", 4718591, 10, 32)]
    [InlineData(Text, "self.all(x, true)", 3145727, 20, 62)]
    [InlineData(Flag, "self.all(x, true)", 1887437, 5, 17)]
    [InlineData(Numbers, "self.all(x, true)", 3145727, 100, 302)]
    [InlineData(Thing, "self.all(x, true)", 555128, 50, 152)]
    [InlineData(Number, "self[1] == 0.0", 2, 5000, 2)]
    [InlineData(Text, "self[1] == self[1]", 314577, 8, 314577)]
    [InlineData(Number, "self[3] == 0.0", 2, 0, 2)]
    [InlineData(Number, "self.all(x, x == 0.0)", 6291454, 3 * 1024 * 2048, 25165826)]
    [InlineData(Either, "self.all(x, true)", 4718591, 10, 32)]
    [InlineData(Either, "self[0] == 5", 3, 10, 3)]
    [InlineData(Thing, "self[0] == null", 2, 422, 2)]
    [InlineData(Numbers, "self[0][0] == -1.0", 3, 51, 3)]
    [InlineData(NumberMap, "self.all(x, x.y == 25.2)", 6291452, 12, 74)]
    [InlineData(NumberMap, "self[0].x > 2.0", 4, 3000, 4)]
    [InlineData(Span, "self.all(x, true)", 2359295, 5, 17)]
    [InlineData(Span, "self[0].getHours() == 2", 4, 525, 4)]
    [InlineData(Day, "self.all(x, true)", 725936, 15, 47)]
    [InlineData(Day, "self[2].getDayOfMonth() == 13", 4, 42, 4)]
    [InlineData(Moment, "self.all(x, true)", 428963, 25, 77)]
    [InlineData(Moment, "self[2].getMinutes() == 45", 4, 99, 4)]
    public void Rules_on_lists_cost(string items, string rule, long unlimited, long most, long limited) =>
        AssertCosts("""{"type":"array","items":""" + items, "maxItems", rule, unlimited, most, limited);

    [Theory]
    [InlineData(Number, "self.all(x, true)", 1348169, 10, 32)]
    [InlineData(Text, "self.all(x, true)", 1179647, 3, 11)]
    [InlineData(Flag, "self.all(x, true)", 943718, 100, 302)]
    [InlineData(Number, "self['x'] == 0.0", 2, 0, 2)]
    [InlineData(Either, "self.all(x, true)", 1348169, 15, 47)]
    public void Rules_on_maps_cost(string values, string rule, long unlimited, long most, long limited) =>
        AssertCosts("""{"type":"object","additionalProperties":""" + values, "maxProperties", rule, unlimited, most, limited);

    [Theory]
    [InlineData("self.contains('test')", 314574, 10, 5)]
    [InlineData("self.startsWith('test')", 2, 15, 2)]
    [InlineData("self.endsWith('test')", 2, 30, 2)]
    [InlineData("size(self + 'hello') > size('hello')", 314578, 4, 7)]
    [InlineData("self.matches('x')", 314574, 50, 22)]
    [InlineData("''.matches('(((((((((())))))))))[0-9]')", 7, 10, 7)]
    [InlineData("self.matches('')", 1, 100, 1)]
    [InlineData("self == 'x'", 2, 0, 1)]
    public void Rules_on_texts_cost(string rule, long unlimited, long most, long limited) =>
        AssertCosts("""{"type":"string" """, "maxLength", rule, unlimited, most, limited);

    [Fact]
    public void Whole_objects_have_kind_apiVersion_and_names()
    {
        var declaration = Declare("""{"type":"object","required":["spec"],"properties":{"spec":{"type":"object"},"metadata":{"type":"object","properties":{"labels":{"type":"object"}}}}}""", true);
        Assert.NotNull(Compile(declaration, "self.kind == self.apiVersion + self.metadata.name + self.metadata.generateName").Program);
        Assert.Null(Compile(declaration, "has(self.metadata.labels)").Program);
        Assert.Null(Compile(Declare("""{"type":"object"}""", false), "self.kind == ''").Program);
        Assert.Equal(2 + 4 + 2 + 4, declaration.MinSize);
    }

    [Fact]
    public void What_nobody_said_the_type_of_cannot_be_seen()
    {
        Assert.Null(SchemaDeclaration.Of((JsonObject)JsonNode.Parse("""{"x-kubernetes-preserve-unknown-fields":true}""")!, false));
        var declaration = Declare("""{"type":"object","properties":{"a":{"x-kubernetes-preserve-unknown-fields":true},"b":{"type":"array","items":{"x-kubernetes-preserve-unknown-fields":true}},"c":{"type":"integer"}}}""", false);
        Assert.Null(Compile(declaration, "has(self.a)").Program);
        Assert.Null(Compile(declaration, "has(self.b)").Program);
        Assert.NotNull(Compile(declaration, "self.c > 1").Program);
        Assert.Null(declaration.Field("a"));
    }

    [Fact]
    public void Objects_of_different_schemas_are_of_different_types() => Assert.Contains(
        "no matching overload",
        Compile(Declare("""{"type":"object","properties":{"a":{"type":"object"},"b":{"type":"object"}}}""", false), "self.a == self.b").ErrorText,
        StringComparison.Ordinal);

    private static void AssertCosts(string open, string limit, string rule, long unlimited, long most, long limited)
    {
        Assert.Equal((ulong)unlimited, Cost(open + "}", rule));
        Assert.Equal((ulong)limited, Cost(string.Create(CultureInfo.InvariantCulture, $"{open},\"{limit}\":{most}}}"), rule));
    }

    private static ulong Cost(string schema, string rule)
    {
        var declaration = Declare(schema, false);
        var compiled = Compile(declaration, rule);
        Assert.True(compiled.Program is not null, compiled.ErrorText);
        return compiled.Program!.EstimateCost(new DeclaredSizes(declaration)).Max;
    }

    private static CelCompilation Compile(SchemaDeclaration declaration, string rule) =>
        CelEnvironment.Kubernetes.WithVariable("self", declaration.Type).Compile(rule);

    // Limits are long, as in trees that were decoded.
    private static SchemaDeclaration Declare(string schema, bool isWhole)
    {
        var node = (JsonObject)JsonNode.Parse(schema)!;
        foreach (var name in (string[])["maxItems", "maxProperties", "maxLength"])
        {
            if (node[name] is { } limit)
                node[name] = limit.GetValue<long>();
        }
        return SchemaDeclaration.Of(node, isWhole)!;
    }
}
