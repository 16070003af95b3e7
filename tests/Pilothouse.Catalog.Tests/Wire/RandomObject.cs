using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog.Tests.Wire;

/// <summary>Makes objects that fit a schema, each property there or not, with values of every sort.</summary>
internal sealed class RandomObject(int seed)
{
    private const string JsonSchemaProps = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

    private static readonly string[] s_texts =
        ["", "a", "name-1", "with \"quotes\" and \\", "tab\tand\nline", "<html> & more", "ünïcödé", "日本", "😀", "\u2028", "\u0001"];

    private static readonly string[] s_quantities = ["0", "1", "100m", "1Gi", "1500M", "2k", "-3", "123456789n", "5Ei"];

#pragma warning disable CA5394 // these numbers shall be repeatable, not secret
    private readonly Random _random = new(seed);

    /// <summary>The canonical bytes of an object of a type.</summary>
    public byte[] Of(SchemaType type)
    {
        var tree = Struct(type, 0);
        if (type.Kinds.Count > 0)
        {
            tree["kind"] = type.Kinds[0].Kind;
            tree["apiVersion"] = type.Kinds[0].ApiVersion;
        }
        return Encoding.UTF8.GetBytes(WireVector.Canonical(Encoding.UTF8.GetBytes(tree.ToJsonString()), type));
    }

    private JsonObject Struct(SchemaType type, int depth)
    {
        var made = new JsonObject();
        foreach (var property in type.Properties.Where(p => p.ProtobufNumber.Length > 0))
        {
            if (_random.Next(depth < 2 ? 2 : depth + 1) == 0 && depth < 12)
                made[property.Name] = Value(property.Type, type, depth + 1);
        }
        return made;
    }

    private JsonNode? Value(SchemaType type, SchemaType owner, int depth)
    {
        switch (type.Kind)
        {
            case SchemaKind.Struct:
                return Struct(type, depth);
            case SchemaKind.Map:
                return new JsonObject(Enumerable.Range(0, _random.Next(4)).Select(_ => Text()).Distinct()
                    .Select(name => KeyValuePair.Create(name, Value(type.Element!, owner, depth + 1))));
            case SchemaKind.List:
                return new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(type.Element!, owner, depth + 1))]);
            case SchemaKind.String:
                return Text();
            case SchemaKind.Integer:
                return type.Format == "int32"
                    ? JsonValue.Create(Pick([0, 1, -1, 127, 128, int.MaxValue, int.MinValue]))
                    : JsonValue.Create(Pick([0L, 1, -1, 300, long.MaxValue, long.MinValue]));
            case SchemaKind.Number:
                return Pick([0.5, -1.25, 1e21, 3]);
            case SchemaKind.Boolean:
                return _random.Next(2) == 0;
            case SchemaKind.Bytes:
                var bytes = new byte[_random.Next(1, 6)];
                _random.NextBytes(bytes);
                return Convert.ToBase64String(bytes);
            case SchemaKind.Quantity:
                return Pick(s_quantities);
            case SchemaKind.IntOrString:
                return _random.Next(2) == 0 ? JsonValue.Create(Pick([0, 80, -1, int.MaxValue])) : JsonValue.Create(Text());
            case SchemaKind.Time:
                return new GoTime(_random.NextInt64(-60_000_000_000, 250_000_000_000)).ToString();
            case SchemaKind.MicroTime:
                return new GoTime(_random.NextInt64(-60_000_000_000, 250_000_000_000), _random.Next(1_000_000) * 1000).ToMicroString();
            case SchemaKind.Duration:
                return GoDuration.Format(_random.NextInt64(-1_000_000_000_000, 1_000_000_000_000));
            default:
                return type.GoName switch
                {
                    "JSONSchemaPropsOrBool" => _random.Next(2) == 0 ? _random.Next(2) == 0 : Schema(depth),
                    "JSONSchemaPropsOrArray" => _random.Next(2) == 0 ? Schema(depth) : new JsonArray(Schema(depth), Schema(depth)),
                    "JSONSchemaPropsOrStringArray" => _random.Next(2) == 0 ? Schema(depth) : new JsonArray(Text(), Text()),
                    _ => new JsonObject { ["any"] = new JsonArray(1, "two", null, 3.5, new JsonObject { ["f:x"] = new JsonObject() }) },
                };
        }
    }

    /// <summary>A schema inside a schema, in normal form: decoding leaves these as they are.</summary>
    private JsonNode? Schema(int depth)
    {
        var type = BuiltInCatalog.Types.Get(JsonSchemaProps);
        return JsonNode.Parse(WireVector.Canonical(Encoding.UTF8.GetBytes(Struct(type, depth + 2).ToJsonString()), type));
    }

    private string Text() => Pick(s_texts) + (_random.Next(3) == 0 ? _random.Next(100).ToString(System.Globalization.CultureInfo.InvariantCulture) : "");

    private T Pick<T>(T[] of) => of[_random.Next(of.Length)];
#pragma warning restore CA5394
}
