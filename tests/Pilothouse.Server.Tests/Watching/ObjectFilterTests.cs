using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Tests.Watching;

public class ObjectFilterTests
{
    [Theory]
    [InlineData("spec.nodeName=", "", true)]
    [InlineData("spec.nodeName=", "n1", false)]
    [InlineData("spec.nodeName=n1", "n1", true)]
    [InlineData("spec.host=n1", "n1", true)]
    [InlineData("spec.nodeName!=n1", "n1", false)]
    [InlineData("spec.nodeName!=n1,status.phase=Pending", "n2", true)]
    [InlineData("metadata.name=p,metadata.namespace=ns", "n2", true)]
    [InlineData("metadata.namespace=other", "n2", false)]
    public void Fields_are_compared(string selector, string node, bool expected)
    {
        var pod = CachedObjectReader.Read(TestObjects.Pods.Stored, "/pods/ns/p", TestObjects.Pod("ns", "p", node), new(3));
        var filter = ObjectFilter.Create(TestObjects.Pods, "", "", new() { FieldSelector = selector }).Value;
        Assert.Equal(expected, filter.Matches(pod));
        Assert.True(filter.HasSelectors);
    }

    [Theory]
    [InlineData("metadata.uid=x", "field label not supported: metadata.uid")]
    [InlineData("metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'")]
    public void What_cannot_be_selected_by_is_a_bad_request(string selector, string message)
    {
        var failure = ObjectFilter.Create(TestObjects.Pods, "", "", new() { FieldSelector = selector }).Failure;
        Assert.Equal((400, message), (failure!.Code, failure.Message));
    }

    [Fact]
    public void An_exact_name_in_a_namespace_is_one_key() =>
        Assert.Equal("/pods/ns/p", ObjectFilter.Create(TestObjects.Pods, "ns", "", new() { FieldSelector = "metadata.name=p" }).Value.ExactKey);
}
