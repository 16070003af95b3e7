using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Schemas;

namespace Pilothouse.Server.Registry;

/// <summary>
/// What the query of exec, attach, portforward and proxy says, as the object that admission sees: PodExecOptions and its like.
/// </summary>
internal static class ConnectOptions
{
    /// <summary>Whether a subresource is opened rather than read or written.</summary>
    public static bool IsOpened(string subresource) => subresource is "exec" or "attach" or "portforward" or "proxy";

    /// <summary>The options of a request, defaulted.</summary>
    public static JsonObject Of(ResourceRequest request)
    {
        var kind = request.Subresource!.Kind;
        var options = new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion };
        var query = request.Api.Http.Request.Query;
        foreach (var property in request.Subresource.Schema!.Properties)
        {
            var values = query[property.Name];
            JsonNode? value = property.Type.Kind switch
            {
                _ when property.Name is "kind" or "apiVersion" => null,
                SchemaKind.List => values.Count == 0 ? null : ListOf(property.Type, values!),
                SchemaKind.Boolean => values.Count == 0
                    // Whoever does not say what to connect gets to see something.
                    ? property.Name is "stdout" or "stderr" ? true : null
                    : values[0] is "true" or "1" or "" ? true : null,
                SchemaKind.String => values.Count > 0 && values[0] is { Length: > 0 } text ? text : null,
                _ => null,
            };
            if (value is not null)
                options[property.Name] = value;
        }
        if (request.SubresourceName == "proxy" && request.Api.Info.Rest.Length > 0)
            options["path"] = request.Api.Info.Rest;
        return options;
    }

    private static JsonArray ListOf(SchemaType type, IEnumerable<string> values)
    {
        var list = new JsonArray();
        foreach (var value in values)
        {
            JsonNode? node = type.Element?.Kind == SchemaKind.String ? JsonValue.Create(value)
                : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
                : null;
            list.Add(node);
        }
        return list;
    }
}
