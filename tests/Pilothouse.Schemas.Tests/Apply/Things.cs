using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;

namespace Pilothouse.Schemas.Tests;

/// <summary>A kind with a field of every sort, in the versions v1 and v2, where one field is called otherwise.</summary>
internal static class Things
{
    private const string Text = """
        type t.v1.Thing struct v1.Thing kind=t/v1/Thing
          kind string omitempty
          apiVersion string omitempty
          metadata t.Meta omitempty
          list []t.Item omitempty list=map(name)
          ports []t.Port omitempty list=map(port,protocol)
          set []string omitempty list=set
          atomicList []string omitempty list=atomic
          map map[]string omitempty
          atomicMap map[]string omitempty map=atomic
          struct *t.Struct omitempty
          number *int64 omitempty
          amount *t.Quantity omitempty
          oldName string omitempty
        type t.v2.Thing struct v2.Thing kind=t/v2/Thing
          kind string omitempty
          apiVersion string omitempty
          metadata t.Meta omitempty
          list []t.Item omitempty list=map(name)
          ports []t.Port omitempty list=map(port,protocol)
          set []string omitempty list=set
          atomicList []string omitempty list=atomic
          map map[]string omitempty
          atomicMap map[]string omitempty map=atomic
          struct *t.Struct omitempty
          number *int64 omitempty
          amount *t.Quantity omitempty
          newName string omitempty
        type t.Meta struct t.Meta
          name string omitempty
          labels map[]string omitempty
          annotations map[]string omitempty
          managedFields []t.Entry omitempty list=atomic
        type t.Entry struct t.Entry
          manager string omitempty
        type t.Item struct t.Item
          name string required default=""
          value *int64 omitempty
          inner t.Struct omitempty
        type t.Port struct t.Port
          port int64 required
          protocol string omitempty default="TCP"
          note string omitempty
        type t.Struct struct t.Struct
          a string omitempty
          b *int64 omitempty
          items []t.Item omitempty list=map(name)
        type t.Quantity quantity t.Quantity
        """;

    private static readonly SchemaLibrary Library = new(Encoding.UTF8.GetBytes(Text.Replace("\r", "", StringComparison.Ordinal) + "\n"));

    public static SchemaType V1 => Library.Get("t.v1.Thing");

    public static SchemaType V2 => Library.Get("t.v2.Thing");

    public static FieldManager Fields(string version = "v1", string subresource = "", FieldFilter? filter = null) => new()
    {
        Kind = new("t", version, "Thing"),
        Type = version == "v1" ? V1 : V2,
        Subresource = subresource,
        Filter = filter,
        Versions = new Versions(),
    };

    public static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    public static JsonObject Normal(string json, string version = "v1") =>
        SchemaDecoder.Decode(Encoding.UTF8.GetBytes(json), version == "v1" ? V1 : V2).Value.Json;

    private sealed class Versions : IObjectVersions
    {
        public bool TryConvert(
            JsonObject obj, string from, string to, [NotNullWhen(true)] out JsonObject? converted, [NotNullWhen(true)] out SchemaType? type)
        {
            (converted, type) = (null, null);
            if (from is not ("t/v1" or "t/v2") || to is not ("t/v1" or "t/v2"))
                return false;
            type = to == "t/v1" ? V1 : V2;
            converted = (JsonObject)obj.DeepClone();
            if (from == to)
                return true;
            converted["apiVersion"] = to;
            var (was, becomes) = to == "t/v2" ? ("oldName", "newName") : ("newName", "oldName");
            if (converted.Remove(was, out var name))
                converted[becomes] = name;
            return true;
        }
    }
}
