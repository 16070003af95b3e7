using System.Text.Json.Nodes;

namespace Pilothouse.Cel.Tests.Evaluation;

/// <summary>Expressions as policies have them, over objects.</summary>
public class KubernetesExpressionTests
{
    private static readonly CelEnvironment Environment = CelEnvironment.Kubernetes
        .WithVariable("object", CelType.Dyn)
        .WithVariable("request", CelStructType.Of("kubernetes.AdmissionRequest", new Dictionary<string, CelType>
        {
            ["name"] = CelType.String,
            ["dryRun"] = CelType.Bool,
        }))
        .WithVariable("authorizer", CelTypes.Authorizer);

    private static readonly JsonNode Pod = JsonNode.Parse("""
        {"metadata": {"name": "x", "labels": {"a": "b"}}, "spec": {"replicas": 5, "ratio": 0.5, "containers": [{"name": "c",
        "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}}}], "none": null}}
        """)!;

    private static CelResult Run(string text, ulong limit = CelLimits.PerCall)
    {
        var compiled = Environment.Compile(text);
        Assert.True(compiled.Program is not null, compiled.ErrorText);
        var activation = new CelActivation().With("object", JsonValues.From(Pod))
            .With("request", JsonValues.From(new JsonObject { ["name"] = "x" }, Environment.Compile("request").Program!.ResultType));
        return compiled.Program.Evaluate(activation, limit, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("object.spec.replicas <= 3", false)]
    [InlineData("object.spec.replicas == 5 && type(object.spec.replicas) == int", true)]
    [InlineData("object.spec.ratio < 1", true)]
    [InlineData("has(object.spec.none) && object.spec.none == null", true)]
    [InlineData("!has(object.spec.missing)", true)]
    [InlineData("object.?spec.?missing.orValue(7) == 7", true)]
    [InlineData("object.spec.containers.all(c, quantity(c.resources.limits.cpu).isLessThan(quantity('1')))", true)]
    [InlineData("object.spec.containers.exists_one(c, c.name == 'c')", true)]
    [InlineData("object.metadata.labels.all(k, v, k == 'a' && v == 'b')", true)]
    [InlineData("object.metadata.labels.transformMap(k, v, v + '!') == {'a': 'b!'}", true)]
    [InlineData("object.spec.containers.map(c, c.name) == ['c']", true)]
    [InlineData("'a' in object.metadata.labels", true)]
    [InlineData("object.metadata.name.matches('^[a-z]$')", true)]
    [InlineData("'abc'.find('b.') == 'bc' && 'a1b22'.findAll('[0-9]+') == ['1', '22']", true)]
    [InlineData("url('https://u@example.com:80/a%20b?q=1&q=2#f').getHost() == 'example.com:80'", true)]
    [InlineData("url('https://example.com/x?q=1&q=2').getQuery() == {'q': ['1', '2']}", true)]
    [InlineData("isURL('/absolute') && !isURL('relative')", true)]
    [InlineData("url('//host/path').getHost() == 'host' && url('https://[::1]:80/').getHostname() == '::1'", true)]
    [InlineData("format.uri().validate('a').value() == ['parse \"a\": invalid URI for request']", true)]
    [InlineData("format.datetime().validate('2024-01-01t00:00:00z') == optional.none() && format.date().validate('2024-1-1').hasValue()", true)]
    [InlineData("semver('1.2.3-rc.1').isLessThan(semver('1.2.3')) && isSemver('v1.2', true)", true)]
    [InlineData("format.dns1123Label().validate('Bad').hasValue() && !format.named('nope').hasValue()", true)]
    [InlineData("[3, 1, 2].sort() == [1, 2, 3] && ['a', 'bb'].sortBy(s, -size(s)) == ['bb', 'a']", true)]
    [InlineData("[1, 2, 2].distinct() == [1, 2] && lists.range(3) == [0, 1, 2] && [[1], [2]].flatten() == [1, 2]", true)]
    [InlineData("[1, 2].sum() == 3 && [2, 1].min() == 1 && [1, 2].isSorted() && [1, 2, 1].lastIndexOf(1) == 2", true)]
    [InlineData("sets.contains([1, 2], [2]) && sets.intersects([1], [1, 3]) && !sets.equivalent([1], [2])", true)]
    [InlineData("'%s is %d of %.2f'.format([dyn('x'), 3, 1.5]) == 'x is 3 of 1.50'", true)]
    [InlineData("'a,b'.split(',').join('-') == 'a-b' && 'héllo'.charAt(1) == 'é' && 'x'.replace('x', 'y') == 'y'", true)]
    [InlineData("ip('10.0.0.1').family() == 4 && cidr('10.0.0.0/8').containsIP('10.1.2.3')", true)]
    [InlineData("timestamp('2024-01-01T00:00:00Z') + duration('24h') == timestamp('2024-01-02T00:00:00Z')", true)]
    [InlineData("request.name == 'x'", true)]
    public void It_evaluates(string text, bool expected)
    {
        var result = Run(text);
        Assert.Null(result.Error);
        Assert.Equal(CelValue.Of(expected), result.Value);
    }

    [Theory]
    [InlineData("object.data.missing == 'x'", "no such key: data")]
    [InlineData("object.spec.containers[3].name == 'x'", "index out of bounds: 3")]
    [InlineData("1 / 0 == 1", "division by zero")]
    [InlineData("object.metadata.name + 1 == 2", "no such overload")]
    [InlineData("quantity('x') == quantity('1')", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("int('x') == 1", "type conversion error from 'string' to 'int'")]
    [InlineData("optional.none().value() == 1", "optional.none() dereference")]
    [InlineData("object.metadata.name.find('(') == ''", "Illegal regex: error parsing regexp: missing closing ): `(`")]
    public void It_fails_in_upstreams_words(string text, string expected) => Assert.Equal(expected, Run(text).Error);

    [Theory]
    [InlineData("nosuchvar", "1:1: undeclared reference to 'nosuchvar' (in container '')")]
    [InlineData("object.spec.replicas.foo()", "1:25: undeclared reference to 'foo' (in container '')")]
    [InlineData("request.b", "1:8: undefined field 'b'")]
    [InlineData("1 + 'a'", "1:3: found no matching overload for '_+_' applied to '(int, string)'")]
    [InlineData("'a'.matches(1)", "1:12: found no matching overload for 'matches' applied to 'string.(int)'")]
    [InlineData("1 && true", "1:1: expected type 'bool' but found 'int'")]
    [InlineData("[1, 'a']", "1:5: expected type 'int' but found 'string'")]
    [InlineData("[1, dyn('a')]", "1:8: expected type 'int' but found 'dyn'")]
    [InlineData("request.name.matches('[')", "1:22: invalid matches argument")]
    [InlineData("duration('x')", "1:10: invalid duration argument")]
    [InlineData("1.all(x, true)", "1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)")]
    [InlineData("'a'.b", "1:4: type 'string' does not support field selection")]
    public void It_does_not_compile(string text, string expected)
    {
        var issue = Assert.Single(Environment.Compile(text).Issues);
        Assert.Equal(expected, $"{issue.Line}:{issue.Column + 1}: {issue.Message}");
    }

    [Fact]
    public void Cost_ends_an_evaluation_whatever_absorbs_errors()
    {
        var result = Run("lists.range(1000).all(a, lists.range(1000).all(b, a + b >= 0)) || true");
        Assert.True(result.CostExceeded);
        Assert.Equal("operation cancelled: actual cost limit exceeded", result.Error);
    }

    [Fact]
    public async Task The_authorizer_is_asked_once_per_question_and_answers_in_time()
    {
        var host = new Recording();
        var authorizer = new CelAuthorizer(host);
        var program = Environment.Compile("""
            authorizer.group('apps').resource('deployments').namespace('x').check('get').allowed() &&
            !authorizer.serviceAccount('ns', 'sa').path('/healthz').check('get').allowed() &&
            authorizer.group('apps').resource('deployments').namespace('x').check('get').reason() == 'because'
            """).Program!;
        var result = await program.EvaluateAsync(
            new CelActivation().With("authorizer", authorizer.Value), authorizer, ulong.MaxValue, TestContext.Current.CancellationToken);
        Assert.Null(result.Error);
        Assert.True(result.Value.IsTrue);
        Assert.Equal(2, host.Checks.Count);
        Assert.Equal("apps", host.Checks[0].Group);
        Assert.Equal(("ns", "sa"), host.Checks[1].ServiceAccount);
    }

    [Fact]
    public void Types_tell_what_an_expression_gives()
    {
        Assert.Equal("int", Environment.Compile("1").Program!.ResultType.ToString());
        Assert.Equal("null_type", Environment.Compile("null").Program!.ResultType.ToString());
        Assert.Equal("list(string)", Environment.Compile("['a']").Program!.ResultType.ToString());
        Assert.Equal("dyn", Environment.Compile("object.x").Program!.ResultType.ToString());
    }

    private sealed class Recording : ICelAuthorizer
    {
        public List<CelAuthorizationCheck> Checks { get; } = [];

        public async ValueTask<CelAuthorizationDecision> AuthorizeAsync(CelAuthorizationCheck check, CancellationToken cancellation)
        {
            await Task.Yield();
            Checks.Add(check);
            return new(check.Path is null, "because");
        }
    }
}
