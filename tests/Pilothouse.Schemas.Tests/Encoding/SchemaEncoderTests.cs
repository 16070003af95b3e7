using System.Text.Json.Nodes;
using Pilothouse.Catalog;

namespace Pilothouse.Schemas.Tests;

public sealed class SchemaEncoderTests
{
    private static string Encode(string type, string json) => System.Text.Encoding.UTF8.GetString(
        SchemaEncoder.Encode((JsonObject)JsonNode.Parse(json)!, BuiltInCatalog.Types.Get("io.k8s.api." + type)));

    [Fact]
    public void Properties_come_in_upstreams_order_and_keys_in_that_of_their_bytes()
    {
        var encoded = Encode("core.v1.ConfigMap",
            """{"data":{"a":"\n\"ä<&>"},"metadata":{"labels":{"😀":"3","Ａ":"4","é":"2","b":"","a":"1"},"name":"x"},"apiVersion":"v1","kind":"ConfigMap"}""");
        var document = JsonNode.Parse(encoded)!.AsObject();
        Assert.Equal(["kind", "apiVersion", "metadata", "data"], document.Select(p => p.Key));
        Assert.Equal(["a", "b", "é", "Ａ", "😀"], document["metadata"]!["labels"]!.AsObject().Select(p => p.Key));
        Assert.EndsWith("""{"a":"\n\"ä<&>"}}""", encoded);
    }

    [Fact]
    public void What_Go_always_writes_is_written() => Assert.Equal(
        """{"kind":"Pod","apiVersion":"v1","metadata":{},"spec":{"containers":[{"name":"","ports":[{"containerPort":0}],"resources":{}}]},"status":{}}""",
        Encode("core.v1.Pod", """{"kind":"Pod","apiVersion":"v1","spec":{"containers":[{"ports":[{}]}],"volumes":[]}}"""));

    [Fact]
    public void Lists_without_omitempty_are_null_or_empty_as_given()
    {
        Assert.Contains("\"containers\":null", Encode("core.v1.Pod", """{"spec":{}}"""));
        Assert.Contains("\"containers\":[]", Encode("core.v1.Pod", """{"spec":{"containers":[]}}"""));
    }

    [Fact]
    public void Structs_that_are_no_pointers_show_their_zero() => Assert.Equal(
        """{"metadata":{},"involvedObject":{},"source":{},"firstTimestamp":null,"lastTimestamp":null,"eventTime":null,"reportingComponent":"","reportingInstance":""}""",
        Encode("core.v1.Event", "{}"));
}
