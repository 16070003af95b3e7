using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Pilothouse.Catalog;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Tests.Watching;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Tests.Presentation;

public class TableFormTests
{
    private static readonly FakeTimeProvider s_time = new(new DateTimeOffset(2026, 1, 1, 0, 1, 30, TimeSpan.Zero));

    [Fact]
    public void A_single_object_is_a_table_of_one_row_with_its_metadata()
    {
        var table = Object(Form(TableObjects.Metadata), ConfigMap("a"));
        Assert.Equal("""{"resourceVersion":"7"}""", table["metadata"]!.ToJsonString());
        Assert.Equal(["Name", "Data", "Age"], table["columnDefinitions"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()));
        Assert.Equal(
            """[{"cells":["a",1,"90s"],"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a","namespace":"ns","uid":"u","resourceVersion":"7","creationTimestamp":"2026-01-01T00:00:00Z"}}}]""",
            table["rows"]!.ToJsonString());
    }

    [Fact]
    public void Rows_hold_whole_objects_or_none_when_asked()
    {
        Assert.Equal("ConfigMap", (string?)Object(Form(TableObjects.Object), ConfigMap("a"))["rows"]![0]!["object"]!["kind"]);
        Assert.Equal("""[{"cells":["a",1,"90s"],"object":null}]""", Object(Form(TableObjects.None), ConfigMap("a"))["rows"]!.ToJsonString());
    }

    [Fact]
    public void Only_the_first_event_of_a_watch_says_the_columns()
    {
        var form = Form(TableObjects.None);
        Assert.NotNull(Object(form, ConfigMap("a"))["columnDefinitions"]);
        var second = Object(form, ConfigMap("b"));
        Assert.True(second.ContainsKey("columnDefinitions"));
        Assert.Null(second["columnDefinitions"]);
    }

    [Fact]
    public void The_older_version_of_tables_names_itself()
    {
        var table = Object(Form(TableObjects.Metadata, "meta.k8s.io/v1beta1"), ConfigMap("a"));
        Assert.Equal("meta.k8s.io/v1beta1", (string?)table["apiVersion"]);
        Assert.Equal("meta.k8s.io/v1beta1", (string?)table["rows"]![0]!["object"]!["apiVersion"]);
    }

    [Fact]
    public void A_list_has_its_metadata_and_a_row_per_item()
    {
        var table = List(Form(TableObjects.None), new ListMetadata(new(9), "token", 3), ConfigMap("a"), ConfigMap("b"));
        Assert.Equal("""{"resourceVersion":"9","continue":"token","remainingItemCount":3}""", table["metadata"]!.ToJsonString());
        Assert.Equal(["a", "b"], table["rows"]!.AsArray().Select(r => r!["cells"]![0]!.GetValue<string>()));
        Assert.Equal("[]", List(Form(TableObjects.None), new ListMetadata(new(9)))["rows"]!.ToJsonString());
    }

    [Fact]
    public void Flow_schemas_come_in_the_order_in_which_they_match()
    {
        var schemas = TestObjects.Served("flowcontrol.apiserver.k8s.io", "v1", "flowschemas");
        var table = List(Form(schemas, TableObjects.None, "meta.k8s.io/v1"), new ListMetadata(new(9)),
            FlowSchema("a", 9000), FlowSchema("b", 100), FlowSchema("c", 100));
        Assert.Equal(["b", "c", "a"], table["rows"]!.AsArray().Select(r => r!["cells"]![0]!.GetValue<string>()));

        CachedObject FlowSchema(string name, int precedence) => Cached(schemas, "", name,
            $$$"""{"kind":"FlowSchema","apiVersion":"flowcontrol.apiserver.k8s.io/v1","metadata":{"name":"{{{name}}}","uid":"u"},"spec":{"matchingPrecedence":{{{precedence}}}}}""");
    }

    private static TableForm Form(TableObjects objects, string version = "meta.k8s.io/v1") => Form(TestObjects.ConfigMaps, objects, version);

    private static TableForm Form(ServedResource resource, TableObjects objects, string version) =>
        new(TablePrinters.For(new(resource.Kind.Group, resource.Kind.Kind))!, version, objects, new JsonForm(resource), s_time);

    private static CachedObject ConfigMap(string name) => Cached(TestObjects.ConfigMaps, "ns", name,
        $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"ns","uid":"u","creationTimestamp":"2026-01-01T00:00:00Z"},"data":{"a":"1"}}""");

    private static CachedObject Cached(ServedResource resource, string ns, string name, string json) =>
        CachedObjectReader.Read(resource.Stored, resource.Stored.Key(ns, name), Encoding.UTF8.GetBytes(json), new(7));

    private static JsonObject Object(TableForm form, CachedObject obj)
    {
        var output = new ArrayBufferWriter<byte>();
        form.WriteObject(obj, output);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    private static JsonObject List(TableForm form, ListMetadata metadata, params CachedObject[] objects)
    {
        var output = new ArrayBufferWriter<byte>();
        form.WriteListStart(metadata, output);
        for (var i = 0; i < objects.Length; i++)
            form.WriteListItem(objects[i], i == 0, output);
        form.WriteListEnd(output);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }
}
