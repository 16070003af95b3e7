namespace Pilothouse.Cel.Tests;

/// <summary>Estimates, with the numbers that cel-go's own tests expect.</summary>
public sealed class EstimateTests
{
    [Theory]
    [InlineData("[1, 2, 3]", 10, 10)]
    [InlineData("{'a': 1, 'b': 2}", 30, 30)]
    [InlineData("[1, 2, 3].all(x, true)", 20, 20)]
    [InlineData("'123'.matches('[0-9]')", 2, 2)]
    [InlineData("true || false", 0, 0)]
    [InlineData("2 in [1, 2, 3]", 13, 13)]
    [InlineData("true ? 1 : 2", 0, 0)]
    [InlineData("size('123')", 1, 1)]
    [InlineData("((5 != 6) == (1 == 2)) == ((3 <= 4) == (9 != 9))", 7, 7)]
    [InlineData("[1,2,3,4,5].filter(x, x % 2 == 0)", 41, 101)]
    [InlineData("[1,2,3,4,5].map(x, x)", 86, 86)]
    [InlineData("[1,2,3,4,5].map(x, x).filter(x, x % 2 == 0)", 117, 177)]
    [InlineData("[1,2,3,4,5].map(x, x).exists(x, x == 5) == true", 108, 118)]
    public void Expressions_without_variables_cost_what_upstream_says(string expression, ulong min, ulong max) =>
        Assert.Equal(new CelRange(min, max), Estimate(CelEnvironment.Kubernetes, expression));

    [Theory]
    [InlineData("text.matches('[0-9]')", 3, 103)]
    [InlineData("text.contains(text)", 2, 2502)]
    [InlineData("'x'.startsWith(text)", 1, 51)]
    [InlineData("texts.all(x, true)", 2, 302)]
    [InlineData("lists.all(x, x.all(y, true))", 2, 1752)]
    [InlineData("map.all(k, map[k].all(x, true))", 2, 187)]
    [InlineData("map.all(k, k.contains(k))", 2, 32)]
    [InlineData("has(object.field.inner)", 2, 2)]
    [InlineData("object['key']", 2, 2)]
    public void Sizes_bound_what_values_cost(string expression, ulong min, ulong max)
    {
        var environment = CelEnvironment.Kubernetes
            .WithVariable("text", CelType.String)
            .WithVariable("texts", CelType.List(CelType.String))
            .WithVariable("lists", CelType.List(CelType.List(CelType.Int)))
            .WithVariable("map", CelType.Map(CelType.String, CelType.List(CelType.Int)))
            .WithVariable("object", CelType.Map(CelType.String, CelType.Map(CelType.String, CelType.Int)));
        Assert.Equal(new CelRange(min, max), Estimate(environment, expression));
    }

    [Fact]
    public void What_has_no_bound_costs_the_largest_number() => Assert.Equal(
        ulong.MaxValue,
        Estimate(CelEnvironment.Kubernetes.WithVariable("x", CelType.List(CelType.String)), "x.all(a, x.all(b, a == b))").Max);

    private static CelRange Estimate(CelEnvironment environment, string expression)
    {
        var compilation = environment.Compile(expression);
        Assert.True(compilation.Program is not null, compilation.ErrorText);
        return compilation.Program.EstimateCost(new Hints());
    }

    private sealed class Hints : ICelSizes
    {
        public CelRange? Estimate(IReadOnlyList<string> path, CelType type) => string.Join('.', path) switch
        {
            "text" => new(0, 500),
            "texts" => new(0, 100),
            "lists" => new(0, 50),
            "lists.@items" or "map.@values" or "map.@keys" => new(0, 10),
            "map" => new(0, 5),
            _ => null,
        };
    }
}
