using System.Text.Json;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>
/// The OpenAPI 2 document in the protobuf form of gnostic (<c>openapi.v2.Document</c>), the only one that kubectl reads. The
/// numbers are the fields' numbers in that schema.
/// </summary>
internal static class OpenApiV2Protobuf
{
    public const string ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    /// <summary>What older clients call it.</summary>
    public const string OldContentType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    public static byte[] FromJson(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var output = new ProtobufWriter();
        WriteDocument(output, document.RootElement);
        return output.Written.ToArray();
    }

    private static void WriteDocument(ProtobufWriter output, JsonElement document)
    {
        output.Text(1, Text(document, "swagger"));
        var info = document.GetProperty("info");
        output.Message(2, o =>
        {
            o.Text(1, Text(info, "title"));
            o.Text(2, Text(info, "version"));
        });
        output.Message(8, o => Named(o, 2, document.GetProperty("paths"), WritePath));
        output.Message(9, o => Named(o, 1, document.GetProperty("definitions"), WriteSchema));
        output.Message(10, o => Named(o, 1, document.GetProperty("parameters"), WriteParameter));
        foreach (var requirement in document.GetProperty("security").EnumerateArray())
            output.Message(12, o => Named(o, 1, requirement, (value, scopes) => Texts(value, 1, scopes)));
        // Our one way to prove who you are is an ApiKeySecurity.
        output.Message(13, o => Named(o, 1, document.GetProperty("securityDefinitions"), (item, key) => item.Message(2, k =>
        {
            k.Text(1, Text(key, "type"));
            k.Text(2, Text(key, "name"));
            k.Text(3, Text(key, "in"));
            k.Text(4, Text(key, "description"));
        })));
    }

    private static void WritePath(ProtobufWriter output, JsonElement path)
    {
        foreach (var part in path.EnumerateObject())
        {
            var field = part.Name switch
            {
                "get" => 2, "put" => 3, "post" => 4, "delete" => 5, "options" => 6, "head" => 7, "patch" => 8, _ => 0,
            };
            if (field > 0)
                output.Message(field, o => WriteOperation(o, part.Value));
        }
        WriteParameters(output, 9, path);
    }

    private static void WriteOperation(ProtobufWriter output, JsonElement operation)
    {
        Texts(output, 1, operation, "tags");
        output.Text(3, Text(operation, "description"));
        output.Text(5, Text(operation, "operationId"));
        Texts(output, 6, operation, "produces");
        Texts(output, 7, operation, "consumes");
        WriteParameters(output, 8, operation);
        output.Message(9, o => Named(o, 1, operation.GetProperty("responses"), (value, response) => value.Message(1, r =>
        {
            r.Text(1, Text(response, "description"));
            if (response.TryGetProperty("schema", out var schema))
                r.Message(2, item => item.Message(1, s => WriteSchema(s, schema)));
        })));
        Texts(output, 10, operation, "schemes");
        WriteExtensions(output, 13, operation);
    }

    private static void WriteParameters(ProtobufWriter output, int field, JsonElement of)
    {
        if (!of.TryGetProperty("parameters", out var parameters))
            return;
        foreach (var parameter in parameters.EnumerateArray())
        {
            output.Message(field, item =>
            {
                if (Text(parameter, "$ref") is { } reference)
                    item.Message(2, o => o.Text(1, reference));
                else
                    item.Message(1, o => WriteParameter(o, parameter));
            });
        }
    }

    private static void WriteParameter(ProtobufWriter output, JsonElement parameter)
    {
        switch (Text(parameter, "in"))
        {
            case "body":
                output.Message(1, o =>
                {
                    o.Text(1, Text(parameter, "description"));
                    o.Text(2, Text(parameter, "name"));
                    o.Text(3, "body");
                    o.Flag(4, Flag(parameter, "required"));
                    o.Message(5, schema => WriteSchema(schema, parameter.GetProperty("schema")));
                });
                break;
            case "path":
                output.Message(2, o => o.Message(4, p => WriteSimple(p, parameter, type: 5, unique: 19)));
                break;
            default:
                output.Message(2, o => o.Message(3, p => WriteSimple(p, parameter, type: 6, unique: 20)));
                break;
        }
    }

    private static void WriteSimple(ProtobufWriter output, JsonElement parameter, int type, int unique)
    {
        output.Flag(1, Flag(parameter, "required"));
        output.Text(2, Text(parameter, "in"));
        output.Text(3, Text(parameter, "description"));
        output.Text(4, Text(parameter, "name"));
        output.Text(type, Text(parameter, "type"));
        output.Flag(unique, Flag(parameter, "uniqueItems"));
    }

    private static void WriteSchema(ProtobufWriter output, JsonElement schema)
    {
        output.Text(1, Text(schema, "$ref"));
        output.Text(2, Text(schema, "format"));
        output.Text(4, Text(schema, "description"));
        Texts(output, 19, schema, "required");
        if (schema.TryGetProperty("enum", out var values))
        {
            foreach (var value in values.EnumerateArray())
                output.Message(20, o => WriteAny(o, value));
        }
        if (schema.TryGetProperty("additionalProperties", out var element))
            output.Message(21, o => o.Message(1, s => WriteSchema(s, element)));
        if (Text(schema, "type") is { } type)
            output.Message(22, o => o.Text(1, type));
        if (schema.TryGetProperty("items", out var items))
            output.Message(23, o => o.Message(1, s => WriteSchema(s, items)));
        if (schema.TryGetProperty("properties", out var properties))
            output.Message(25, o => Named(o, 1, properties, WriteSchema));
        WriteExtensions(output, 31, schema);
    }

    private static void WriteExtensions(ProtobufWriter output, int field, JsonElement of)
    {
        foreach (var property in of.EnumerateObject())
        {
            if (!property.Name.StartsWith("x-", StringComparison.Ordinal))
                continue;
            output.Message(field, o =>
            {
                o.Text(1, property.Name);
                o.Message(2, any => WriteAny(any, property.Value));
            });
        }
    }

    /// <summary>Values of any form travel as YAML, which JSON is.</summary>
    private static void WriteAny(ProtobufWriter output, JsonElement value) => output.Text(2, value.GetRawText() + "\n");

    /// <summary>A map: repeated pairs of a name and a message.</summary>
    private static void Named(ProtobufWriter output, int field, JsonElement map, Action<ProtobufWriter, JsonElement> write)
    {
        foreach (var entry in map.EnumerateObject())
        {
            output.Message(field, o =>
            {
                o.Text(1, entry.Name);
                o.Message(2, value => write(value, entry.Value));
            });
        }
    }

    private static void Texts(ProtobufWriter output, int field, JsonElement of, string name)
    {
        if (of.TryGetProperty(name, out var texts))
            Texts(output, field, texts);
    }

    private static void Texts(ProtobufWriter output, int field, JsonElement texts)
    {
        foreach (var text in texts.EnumerateArray())
            output.Element(field, text.GetString()!);
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool Flag(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.GetBoolean();
}
