using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules;

/// <summary>What upstream says of faulty admission policies and bindings, as recorded.</summary>
public sealed class PolicyRulesTests
{
    private static readonly JsonDocument Recorded = Load();

    [Fact]
    public void Faults_of_policies_are_named_as_upstream_names_them()
    {
        var wrong = new List<string>();
        foreach (var row in Recorded.RootElement.EnumerateArray())
        {
            var spec = row.GetProperty("spec").GetRawText();
            var expected = row.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!).ToList();
            var actual = ErrorsOf(row.GetProperty("resource").GetString()!, spec).Order(StringComparer.Ordinal).ToList();
            if (!expected.SequenceEqual(actual, StringComparer.Ordinal))
                wrong.Add($"{spec}\n  expected {string.Join(" | ", expected)}\n  got      {string.Join(" | ", actual)}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory]
    [InlineData("validatingadmissionpolicies", """{"matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["configmaps"]}]},"variables":[{"name":"a","expression":"object.data.size()"},{"name":"b","expression":"variables.a + 1"}],"validations":[{"expression":"variables.b > 2","messageExpression":"'b is ' + string(variables.b)"}]}""")]
    [InlineData("validatingadmissionpolicies", """{"paramKind":{"apiVersion":"v1","kind":"ConfigMap"},"matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["*"],"resources":["*/*"]}]},"validations":[{"expression":"params.data.max == string(object.x) && request.userInfo.username != '' && namespaceObject.metadata.name == 'a' && authorizer.group('apps').resource('deployments').check('get').allowed()"}]}""")]
    [InlineData("mutatingadmissionpolicies", """{"reinvocationPolicy":"IfNeeded","matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"]}]},"mutations":[{"patchType":"JSONPatch","jsonPatch":{"expression":"[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 'x'}]"}},{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"Object{spec: Object.spec{priority: 3}}"}}]}""")]
    public void Sound_policies_have_no_faults(string resource, string spec) => Assert.Empty(ErrorsOf(resource, spec));

    private static IEnumerable<string> ErrorsOf(string resource, string spec)
    {
        var served = ObjectText.Served("admissionregistration.k8s.io", "v1", resource);
        JsonObject obj = ObjectText.Defaulted(served, $$$"""{"metadata":{"name":"v-1"},"spec":{{{spec}}}}""");
        var context = ObjectText.Context(served);
        served.Stored.Strategy.PrepareForCreate(context, obj);
        var errors = new FieldErrors();
        served.Stored.Strategy.Validate(context, obj, errors);
        return errors.All.Select(e => e.ToString());
    }

    private static JsonDocument Load()
    {
        using var stream = typeof(PolicyRulesTests).Assembly.GetManifestResourceStream("policies.json")!;
        return JsonDocument.Parse(stream);
    }
}
