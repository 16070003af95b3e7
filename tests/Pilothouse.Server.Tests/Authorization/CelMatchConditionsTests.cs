using Pilothouse.Server.Authorization;
using Pilothouse.Server.Authorization.Webhook;

namespace Pilothouse.Server.Tests.Authorization;

public sealed class CelMatchConditionsTests
{
    private static readonly AuthorizationAttributes s_resource = new()
    {
        User = new("alice", "", ["dev"]),
        Verb = "list",
        IsResourceRequest = true,
        Resource = "pods",
        Namespace = "a",
        FieldSelector = SelectorAttributes.Fields("spec.nodeName=n1"),
    };

    private static readonly AuthorizationAttributes s_path = new() { User = new("bob", "", []), Verb = "get", IsResourceRequest = false, Path = "/healthz" };

    [Theory]
    [InlineData("has(request.resourceAttributes)", true, false)]
    [InlineData("!('system:masters' in request.groups)", true, true)]
    [InlineData("has(request.resourceAttributes) && request.resourceAttributes.namespace == 'a'", true, false)]
    [InlineData("!has(request.resourceAttributes) || request.resourceAttributes.subresource == ''", true, true)]
    [InlineData("request.user.startsWith('b')", false, true)]
    [InlineData("has(request.nonResourceAttributes) && request.nonResourceAttributes.path == '/healthz'", false, true)]
    [InlineData("has(request.resourceAttributes) && request.resourceAttributes.fieldSelector.requirements.exists(r, r.key == 'spec.nodeName' && r.values == ['n1'])", true, false)]
    public void A_condition_sees_the_question(string expression, bool resource, bool path)
    {
        var (conditions, faults) = CelMatchConditions.Compile([expression]);
        Assert.Empty(faults);
        Assert.Equal(resource, conditions!.Matches(AccessReviewJson.Of(s_resource, "v1")).Value);
        Assert.Equal(path, conditions.Matches(AccessReviewJson.Of(s_path, "v1")).Value);
    }

    [Fact]
    public void One_that_is_false_outweighs_one_that_fails()
    {
        const string Fails = "request.resourceAttributes.namespace == 'a'";
        Assert.False(CelMatchConditions.Compile([Fails, "request.user == 'x'"]).Conditions!.Matches(AccessReviewJson.Of(s_path, "v1")).Value);
        var outcome = CelMatchConditions.Compile([Fails, "true"]).Conditions!.Matches(AccessReviewJson.Of(s_path, "v1"));
        Assert.StartsWith($"cel evaluation error: expression '{Fails}' resulted in error: ", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("request.what == 'a'")]
    [InlineData("request.user")]
    [InlineData("((")]
    public void What_cannot_be_a_condition_is_refused(string expression) =>
        Assert.StartsWith("matchConditions[0].expression: Invalid value: ", Assert.Single(CelMatchConditions.Compile([expression]).Faults), StringComparison.Ordinal);
}
