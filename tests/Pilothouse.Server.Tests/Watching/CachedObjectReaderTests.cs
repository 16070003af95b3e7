using System.Text;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Tests.Watching;

public class CachedObjectReaderTests
{
    [Theory]
    [InlineData(
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"ns","uid":"u","generation":1},"data":{"x":"1"}}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"ns","uid":"u","resourceVersion":"17","generation":1},"data":{"x":"1"}}""")]
    [InlineData(
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"ns","labels":{"uid":"no"}}}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"ns","resourceVersion":"17","labels":{"uid":"no"}}}""")]
    [InlineData(
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{}}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"17"}}""")]
    [InlineData(
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"labels":{"a":"b"}}}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"17","labels":{"a":"b"}}}""")]
    [InlineData(
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"3","labels":{"a":"b"}}}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"17","labels":{"a":"b"}}}""")]
    [InlineData(
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"3"}}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"17"}}""")]
    [InlineData(
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"3","labels":{"a":"b"}}}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"17","labels":{"a":"b"}}}""")]
    [InlineData(
        """{"metadata":{"uid":"u","name":"a"},"apiVersion":"v1","data":{"x":"1"},"kind":"ConfigMap"}""",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"uid":"u","name":"a","resourceVersion":"17"},"data":{"x":"1"}}""")]
    [InlineData(
        "{\n  \"kind\": \"ConfigMap\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {\"name\": \"a\"}\n}\n",
        """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"17"}}""")]
    public void The_resourceVersion_goes_where_upstream_has_it(string stored, string served)
    {
        var read = Read(stored);
        Assert.Equal(served, Encoding.UTF8.GetString(read.Json.Span));
        var body = Encoding.UTF8.GetString(read.Json.Span[read.BodyOffset..]);
        Assert.StartsWith("\"metadata\":{", body, StringComparison.Ordinal);
        var metadata = Encoding.UTF8.GetString(read.Json.Span[read.Metadata]);
        Assert.Equal(TestObjects.Parse(read)["metadata"]!.ToJsonString(), metadata);
    }

    [Fact]
    public void Another_revision_changes_only_the_resourceVersion()
    {
        var read = Read("""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","uid":"u","labels":{"a":"b"}},"data":{"resourceVersion":"17"}}""");
        var later = CachedObjectReader.WithRevision(read, new(12345));
        Assert.Equal(
            """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","uid":"u","resourceVersion":"12345","labels":{"a":"b"}},"data":{"resourceVersion":"17"}}""",
            Encoding.UTF8.GetString(later.Json.Span));
        Assert.Equal(TestObjects.Parse(later)["metadata"]!.ToJsonString(), Encoding.UTF8.GetString(later.Json.Span[later.Metadata]));
    }

    [Fact]
    public void Labels_are_names_and_values_and_shared()
    {
        var one = Read("""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","labels":{"app":"web","tier":"tab\tbed"}}}""");
        var two = Read("""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"b","labels":{"app":"web"}}}""");
        Assert.Equal(["app", "web", "tier", "tab\tbed"], one.Labels);
        Assert.Same(one.Labels[1], two.Labels[1]);
    }

    [Fact]
    public void Selectable_fields_are_found_at_any_depth()
    {
        var pods = TestObjects.Pods.Stored;
        var read = CachedObjectReader.Read(pods, "/pods/ns/p", Encoding.UTF8.GetBytes(
            """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"spec":{"hostNetwork":true,"nodeName":"n1","containers":[{"nodeName":"no"}]},"status":{"podIPs":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}],"phase":"Running"}}"""), new(5));
        Assert.Equal("n1", Field("spec.nodeName"));
        Assert.Equal("true", Field("spec.hostNetwork"));
        Assert.Equal("10.0.0.1", Field("status.podIP"));
        Assert.Equal("Running", Field("status.phase"));
        Assert.Equal("", Field("status.nominatedNodeName"));

        string Field(string label) => read.Fields[pods.SelectableFields.Select((f, i) => (f, i)).First(f => f.f.Label == label).i];
    }

    [Theory]
    [InlineData("k8s\0\n\u0002v1")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"kind":"ConfigMap","apiVersion":"v1"}""")]
    [InlineData("""{"kind":"ConfigMap","apiVersion":"v1","metadata":[]}""")]
    public void What_is_no_object_is_named(string stored)
    {
        var e = Assert.Throws<UnreadableValueException>(() => Read(stored));
        Assert.Contains("/configmaps/ns/a", e.Message, StringComparison.Ordinal);
    }

    private static CachedObject Read(string json) =>
        CachedObjectReader.Read(TestObjects.ConfigMaps.Stored, "/configmaps/ns/a", Encoding.UTF8.GetBytes(json), new Revision(17));
}
