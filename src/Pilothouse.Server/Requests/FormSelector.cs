using Microsoft.Net.Http.Headers;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Discovery;
using Pilothouse.Server.Presentation;

namespace Pilothouse.Server.Requests;

/// <summary>Picks from Accept the form in which a client gets objects.</summary>
public static class FormSelector
{
    private const string Json = "application/json";
    private const string YamlType = "application/yaml";
    private const string Protobuf = "application/vnd.kubernetes.protobuf";

    /// <summary>The form of the answer; 406 when there is none that the client takes.</summary>
    public static Outcome<ObjectForm> Choose(ApiRequest request, ServedResource resource)
    {
        var accept = request.Http.Request.Headers.Accept;
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is "" or Json or "*/*"))
            return PlainForm(resource);
        var header = accept.ToString();
        if (!MatchesAnyType(header))
            return NotAcceptable($"406: Not Acceptable\n\nAvailable representations: {MediaTypes.Known}") with { Details = new() };

        Status? refusal = null;
        foreach (var clause in MediaClause.Parse(header))
        {
            if (clause.Type is not (Json or YamlType or "*/*"))
                continue;
            var yaml = clause.Type == YamlType;
            if (!clause.Parameters.TryGetValue("as", out var form))
            {
                request.WantsYaml = yaml;
                return PlainForm(resource);
            }
            var made = FormOf(request, resource, form, clause);
            if (made.Failure is { } failure)
                refusal ??= failure;
            else if (made.Value is { } chosen)
            {
                request.WantsYaml = yaml;
                return chosen;
            }
        }
        return refusal ?? NotAcceptable($"only the following media types are accepted: {MediaTypes.Known}");
    }

    /// <summary>Objects whole, in the version that was asked for.</summary>
    public static ObjectForm PlainForm(ServedResource resource) =>
        resource.Converter is null ? new JsonForm(resource) : new ConvertedForm(resource);

    /// <summary>Whether clients want what they see laid out for reading: those that ask, and tools that people look at.</summary>
    public static bool WantsPretty(ApiRequest request)
    {
        var http = request.Http.Request;
        if (http.QueryString.HasValue && http.Query.TryGetValue("pretty", out var pretty) && pretty.ToString() is { Length: > 0 } value)
            return value is "1" or "t" or "T" or "TRUE" or "true" or "True";
        var agent = http.Headers[HeaderNames.UserAgent];
        return agent.Count > 0 && agent[0] is { } name
            && (name.StartsWith("curl", StringComparison.Ordinal) || name.StartsWith("Wget", StringComparison.Ordinal)
                || name.StartsWith("Mozilla/5.0", StringComparison.Ordinal));
    }

    /// <summary>A form by its name; null when it is unknown, or not known in that version.</summary>
    private static Outcome<ObjectForm?> FormOf(ApiRequest request, ServedResource resource, string form, MediaClause clause)
    {
        var group = clause.Parameters.GetValueOrDefault("g", "");
        var version = clause.Parameters.GetValueOrDefault("v", "");
        if (group != "meta.k8s.io" || version is not ("v1" or "v1beta1"))
            return default(Outcome<ObjectForm?>);
        var isList = request.Info.Verb is "list" or "watch" or "deletecollection";
        switch (form)
        {
            case "PartialObjectMetadata" when request.Info.Verb == "list":
                return NotAcceptable($"you requested PartialObjectMetadata, but the requested object is a list ({GoType(resource, list: true)})");
            case "PartialObjectMetadataList" when !isList:
                return NotAcceptable($"you requested PartialObjectMetadataList, but the requested object is not a list ({GoType(resource, list: false)})");
            case "PartialObjectMetadata" or "PartialObjectMetadataList":
                return new PartialMetadataForm($"meta.k8s.io/{version}", listsOnly: form == "PartialObjectMetadataList");
            case "Table":
                return TableOf(request, resource, $"meta.k8s.io/{version}");
            default:
                return default(Outcome<ObjectForm?>);
        }
    }

    private static Outcome<ObjectForm?> TableOf(ApiRequest request, ServedResource resource, string apiVersion)
    {
        var kind = request.Info.Subresource.Length > 0 && resource.Subresource(request.Info.Subresource) is { } part ? part.Kind : resource.Kind;
        // A log is text: there is nothing to lay out.
        if (request.Info.Subresource == "log")
            return default(Outcome<ObjectForm?>);
        if (TablePrinters.For(new(kind.Group, kind.Kind)) is not { } printer)
            return default(Outcome<ObjectForm?>);
        TableObjects? objects = request.Http.Request.Query["includeObject"].ToString() switch
        {
            "" or "Metadata" => TableObjects.Metadata,
            "Object" => TableObjects.Object,
            "None" => TableObjects.None,
            _ => null,
        };
        if (objects is not { } included)
        {
            var fault = FieldError.Invalid("includeObject", request.Http.Request.Query["includeObject"].ToString(), "must be 'Metadata', 'Object', 'None', or empty");
            return Status.BadRequest($"Unable to convert to Table as requested: {fault}");
        }
        return new TableForm(printer, apiVersion, included, PlainForm(resource), request.Time);
    }

    private static string GoType(ServedResource resource, bool list) =>
        $"*{GoPackages.Internal(resource.Resource.Group)}.{(list ? resource.ListKind : resource.Kind.Kind)}";

    /// <summary>The first filter, which knows no parameters and no subtype wildcards.</summary>
    private static bool MatchesAnyType(string accept)
    {
        foreach (var part in accept.AsSpan().Split(','))
        {
            var type = accept.AsSpan(part);
            var semicolon = type.IndexOf(';');
            type = (semicolon < 0 ? type : type[..semicolon]).Trim();
            if (type is "*/*" or Json or YamlType or Protobuf)
                return true;
        }
        return false;
    }

    internal static Status NotAcceptable(string message) => new() { Code = 406, Reason = "NotAcceptable", Message = message };
}
