using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>Writes one OpenAPI 3 document: the paths below one prefix, and the definitions that they lead to.</summary>
internal sealed class OpenApiV3Writer(ApiDescriptions descriptions, SchemaLibrary types, string version, CustomDefinitions customs)
{
    private readonly DefinitionWriter _definitions = new(descriptions, v3: true);

    public void Write(Utf8JsonWriter json, IReadOnlyList<ApiPath> paths)
    {
        json.WriteStartObject();
        json.WriteString("openapi"u8, "3.0.0"u8);
        json.WriteStartObject("info"u8);
        json.WriteString("title"u8, "Kubernetes"u8);
        json.WriteString("version"u8, version);
        json.WriteEndObject();
        json.WriteStartObject("paths"u8);
        foreach (var path in paths)
            WritePath(json, path);
        json.WriteEndObject();
        WriteComponents(json, paths);
        json.WriteEndObject();
    }

    private void WriteComponents(Utf8JsonWriter json, IReadOnlyList<ApiPath> paths)
    {
        var operations = paths.SelectMany(p => p.Operations).ToList();
        var roots = operations.SelectMany(o => o.Responses.Select(r => r.Definition).Append(o.Body)).ToHashSet();
        var custom = customs.Among(roots);
        if (custom.Count > 0)
            roots.UnionWith(CustomDefinitions.Referred);
        var reached = DefinitionWriter.Reachable(roots, types);
        json.WriteStartObject("components"u8);
        if (reached.Count > 0)
        {
            json.WriteStartObject("schemas"u8);
            foreach (var (name, type) in reached)
            {
                json.WritePropertyName(name);
                _definitions.WriteDefinition(json, type);
            }
            foreach (var (name, definition) in custom)
            {
                json.WritePropertyName(name);
                definition.WriteTo(json);
            }
            json.WriteEndObject();
        }
        if (operations.Any(o => o.MayBeUnauthorized))
        {
            json.WriteStartObject("securitySchemes"u8);
            json.WriteStartObject("BearerToken"u8);
            json.WriteString("type"u8, "apiKey"u8);
            json.WriteString("description"u8, "Bearer Token authentication"u8);
            json.WriteString("name"u8, "authorization"u8);
            json.WriteString("in"u8, "header"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        }
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
        WriteParameters(json, path.CommonParameters);
        json.WriteEndObject();
    }

    private void WriteOperation(Utf8JsonWriter json, ApiPath path, ApiOperation operation)
    {
        DiscoveryDocuments.WriteList(json, "tags"u8, [operation.Tag]);
        json.WriteString("description"u8, operation.Description);
        json.WriteString("operationId"u8, operation.Id);
        WriteParameters(json, [.. path.OwnParameters(operation)]);
        if (operation.Body.Length > 0)
        {
            json.WriteStartObject("requestBody"u8);
            WriteContent(json, operation.Consumes, operation.Body);
            if (operation.BodyRequired)
                json.WriteBoolean("required"u8, true);
            json.WriteEndObject();
        }
        json.WriteStartObject("responses"u8);
        foreach (var response in operation.Responses)
        {
            json.WriteStartObject(response.Code.ToString());
            json.WriteString("description"u8, response.Description);
            WriteContent(json, operation.Produces, response.Definition);
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
        OpenApiV2Writer.WriteKind(json, operation);
    }

    private void WriteContent(Utf8JsonWriter json, IReadOnlyList<string> mediaTypes, string definition)
    {
        json.WriteStartObject("content"u8);
        foreach (var mediaType in mediaTypes.Order(StringComparer.Ordinal))
        {
            json.WriteStartObject(mediaType);
            json.WritePropertyName("schema"u8);
            if (definition.Length > 0)
            {
                _definitions.WriteReference(json, definition);
            }
            else
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "string"u8);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, IReadOnlyList<ApiParameter> parameters)
    {
        if (parameters.Count == 0)
            return;
        json.WriteStartArray("parameters"u8);
        foreach (var parameter in parameters)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, parameter.Name);
            json.WriteString("in"u8, parameter.In);
            if (parameter.Description is not null)
                json.WriteString("description"u8, parameter.Description);
            if (parameter.In == "path")
                json.WriteBoolean("required"u8, true);
            json.WriteStartObject("schema"u8);
            json.WriteString("type"u8, parameter.Type);
            json.WriteBoolean("uniqueItems"u8, true);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
