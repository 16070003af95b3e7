using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Schemas.Tests;

public sealed class TypeMetaReaderTests
{
    private static string Message(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return TypeMetaReader.Unrecognized(TypeMetaReader.Read(bytes).Failure!, "ConfigMap", bytes).Message;
    }

    [Theory]
    [InlineData("{", "unexpected end of JSON input ({)")]
    [InlineData("", "unexpected end of JSON input (<empty>)")]
    [InlineData("[]", """json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" } (5b5d)""")]
    [InlineData("5", """json: cannot unmarshal number into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" } (35)""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},}""", """invalid character '}' looking for beginning of object key string ({"apiVersion":"v1","kind":"Con ...)""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}} trailing""", """invalid character 't' after top-level value ({"apiVersion":"v1","kind":"Con ...)""")]
    [InlineData("""[{"apiVersion": "v1", "kind": "ConfigMap"}]""", """json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" } (5b7b2261706956657273696f6e223a20227631222c20226b696e64223a20 ...)""")]
    [InlineData("nope", "invalid character 'o' in literal null (expecting 'u') (6e6f7065)")]
    public void A_body_without_a_kind_is_unrecognized(string body, string tail) =>
        Assert.Equal("the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: " + tail, Message(body));

    [Fact]
    public void What_is_not_said_is_taken_from_what_is_expected()
    {
        var expected = new GroupVersionKind("apps", "v1", "Deployment");
        Assert.Equal(expected, TypeMetaReader.Read("null"u8).Value.Or(expected));
        Assert.Equal(new GroupVersionKind("x.io", "v2", "Deployment"), TypeMetaReader.Read("""{"spec":{"kind":"No"},"APIVERSION":"x.io/v2"}"""u8).Value.Or(expected));
        Assert.Equal(new GroupVersionKind("apps", "v1", "Pod"), TypeMetaReader.Read("""{"kind":"Pod","apiVersion":null}"""u8).Value.Or(expected));
    }
}
