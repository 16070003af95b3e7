using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>Writes the OpenAPI 2 document: all paths, all definitions.</summary>
internal sealed class OpenApiV2Writer(ApiDescriptions descriptions, SchemaLibrary types, string version)
{
    private readonly DefinitionWriter _definitions = new(descriptions, v3: false);
    private readonly SharedParameters _shared = new();

    public void Write(Utf8JsonWriter json, IReadOnlyList<ApiPath> paths)
    {
        json.WriteStartObject();
        json.WriteString("swagger"u8, "2.0"u8);
        json.WriteStartObject("info"u8);
        json.WriteString("title"u8, "Kubernetes"u8);
        json.WriteString("version"u8, version);
        json.WriteEndObject();
        json.WriteStartObject("paths"u8);
        foreach (var path in paths)
            WritePath(json, path);
        json.WriteEndObject();
        json.WriteStartObject("definitions"u8);
        var roots = paths.SelectMany(p => p.Operations).SelectMany(o => o.Responses.Select(r => r.Definition).Append(o.Body));
        foreach (var (name, type) in DefinitionWriter.Reachable(roots, types))
        {
            json.WritePropertyName(name);
            _definitions.WriteDefinition(json, type);
        }
        json.WriteEndObject();
        json.WriteStartObject("parameters"u8);
        _shared.WriteTo(json);
        json.WriteEndObject();
        json.WriteStartObject("securityDefinitions"u8);
        json.WriteStartObject("BearerToken"u8);
        json.WriteString("description"u8, "Bearer Token authentication"u8);
        json.WriteString("type"u8, "apiKey"u8);
        json.WriteString("name"u8, "authorization"u8);
        json.WriteString("in"u8, "header"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("security"u8);
        json.WriteStartObject();
        json.WriteStartArray("BearerToken"u8);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WritePath(Utf8JsonWriter json, ApiPath path)
    {
        json.WriteStartObject(path.Path);
        foreach (var operation in path.Operations)
        {
            json.WriteStartObject(operation.Method);
            WriteOperation(json, path, operation);
            json.WriteEndObject();
        }
        if (path.CommonParameters.Count > 0)
        {
            json.WriteStartArray("parameters"u8);
            foreach (var parameter in path.CommonParameters)
                _shared.WriteReference(json, parameter);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private void WriteOperation(Utf8JsonWriter json, ApiPath path, ApiOperation operation)
    {
        json.WriteString("description"u8, operation.Description);
        DiscoveryDocuments.WriteList(json, "consumes"u8, operation.Consumes);
        DiscoveryDocuments.WriteList(json, "produces"u8, operation.Produces);
        DiscoveryDocuments.WriteList(json, "schemes"u8, ["https"]);
        DiscoveryDocuments.WriteList(json, "tags"u8, [operation.Tag]);
        json.WriteString("operationId"u8, operation.Id);
        var own = path.OwnParameters(operation).ToList();
        if (operation.Body.Length > 0 || own.Count > 0)
        {
            json.WriteStartArray("parameters"u8);
            if (operation.Body.Length > 0)
                WriteBody(json, operation);
            foreach (var parameter in own)
                _shared.WriteReference(json, parameter);
            json.WriteEndArray();
        }
        json.WriteStartObject("responses"u8);
        foreach (var response in operation.Responses)
        {
            json.WriteStartObject(response.Code.ToString());
            json.WriteString("description"u8, response.Description);
            json.WritePropertyName("schema"u8);
            WriteSchema(json, response.Definition);
            json.WriteEndObject();
        }
        if (operation.MayBeUnauthorized)
        {
            json.WriteStartObject("401"u8);
            json.WriteString("description"u8, "Unauthorized"u8);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        if (operation.Action.Length > 0)
            json.WriteString("x-kubernetes-action"u8, operation.Action);
        WriteKind(json, operation);
    }

    private void WriteBody(Utf8JsonWriter json, ApiOperation operation)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "body"u8);
        json.WriteString("in"u8, "body"u8);
        if (operation.BodyRequired)
            json.WriteBoolean("required"u8, true);
        json.WritePropertyName("schema"u8);
        WriteSchema(json, operation.Body);
        json.WriteEndObject();
    }

    private void WriteSchema(Utf8JsonWriter json, string definition)
    {
        if (definition.Length > 0)
        {
            _definitions.WriteReference(json, definition);
            return;
        }
        json.WriteStartObject();
        json.WriteString("type"u8, "string"u8);
        json.WriteEndObject();
    }

    /// <summary><c>x-kubernetes-group-version-kind</c> of an operation, alike in both versions of OpenAPI.</summary>
    internal static void WriteKind(Utf8JsonWriter json, ApiOperation operation)
    {
        if (operation.Kind is not { } kind)
            return;
        json.WriteStartObject("x-kubernetes-group-version-kind"u8);
        json.WriteString("group"u8, kind.Group);
        json.WriteString("kind"u8, kind.Kind);
        json.WriteString("version"u8, kind.Version);
        json.WriteEndObject();
    }
}
