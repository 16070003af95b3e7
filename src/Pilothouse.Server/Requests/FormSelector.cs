using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Discovery;
using Pilothouse.Server.CustomResources;
using Pilothouse.Server.Presentation;

namespace Pilothouse.Server.Requests;

/// <summary>Picks from Accept the form in which a client gets objects.</summary>
public static class FormSelector
{
    /// <summary>What objects can be written in; the first is meant when anything will do.</summary>
    private static readonly string[] s_offered = [MediaTypes.Json, MediaTypes.Yaml, MediaTypes.Protobuf];

    /// <summary>The form of the answer; 406 when there is none that the client takes.</summary>
    public static Outcome<ObjectForm> Choose(ApiRequest request, ServedResource resource)
    {
        var accept = request.Http.Request.Headers.Accept;
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is "" or MediaTypes.Json or "*/*"))
            return WholeForm(request, resource);
        var header = accept.ToString();
        if (!MatchesAnyType(header))
            return NotAcceptable($"406: Not Acceptable\n\nAvailable representations: {MediaTypes.Known}") with { Details = new() };

        foreach (var clause in MediaClause.Parse(header))
        {
            foreach (var media in s_offered)
            {
                if (!clause.Covers(media) || !Allows(request, resource, clause, media))
                    continue;
                var form = FormOf(request, resource, clause, media);
                request.WantsYaml = media == MediaTypes.Yaml && form.Failure is null;
                return form;
            }
        }
        return NotAcceptable($"only the following media types are accepted: {MediaTypes.Known}");
    }

    /// <summary>
    /// What a Status is written in: as for objects, except that nothing can be made of it, and that whoever takes none of these
    /// gets JSON.
    /// </summary>
    internal static BodyMedia MediaOfStatus(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is "" or MediaTypes.Json or "*/*"))
            return BodyMedia.Json;
        foreach (var clause in MediaClause.Parse(accept.ToString()))
        {
            if (IsTransform(clause) || !AllowsStream(clause, MediaTypes.Json) || Parameter(clause, "sv").Length > 0)
                continue;
            foreach (var media in s_offered)
            {
                if (clause.Covers(media) && AllowsStream(clause, media))
                    return media switch
                    {
                        MediaTypes.Yaml => BodyMedia.Yaml,
                        MediaTypes.Protobuf => BodyMedia.Protobuf,
                        _ => BodyMedia.Json,
                    };
            }
        }
        return BodyMedia.Json;
    }

    /// <summary>Objects whole, in the version that was asked for.</summary>
    public static ObjectForm PlainForm(ServedResource resource) =>
        resource.IsCustom ? new CustomForm(resource)
        : resource.Converter is null ? (ObjectForm)new JsonForm(resource)
        : new ConvertedForm(resource);

    /// <summary>What a request shows, whole: a part that speaks a kind of its own is what it is.</summary>
    private static ObjectForm WholeForm(ApiRequest request, ServedResource resource) =>
        PartOf(request, resource) is not null ? new JsonForm(resource) : PlainForm(resource);

    /// <summary>Whether clients want what they see laid out for reading: those that ask, and tools that people look at.</summary>
    public static bool WantsPretty(HttpRequest http)
    {
        if (http.QueryString.HasValue && http.Query.First("pretty") is { Length: > 0 } value)
            return value is "1" or "t" or "T" or "TRUE" or "true" or "True";
        var agent = http.Headers[HeaderNames.UserAgent];
        return agent.Count > 0 && agent[0] is { } name
            && (name.StartsWith("curl", StringComparison.Ordinal) || name.StartsWith("Wget", StringComparison.Ordinal)
                || name.StartsWith("Mozilla/5.0", StringComparison.Ordinal));
    }

    /// <summary>Whether objects of the resource can be written in a type with what the clause asks for; if not, the next clause counts.</summary>
    private static bool Allows(ApiRequest request, ServedResource resource, MediaClause clause, string media)
    {
        if (!AllowsStream(clause, media) || Parameter(clause, "sv") is not ("" or "v1"))
            return false;
        // Custom resources have no protobuf; their metadata has.
        if (!IsTransform(clause))
            return media != MediaTypes.Protobuf || (PartOf(request, resource)?.Schema ?? resource.Schema).Definition.Length > 0;
        return Parameter(clause, "g") == "meta.k8s.io" && Parameter(clause, "v") is "v1" or "v1beta1"
            && Parameter(clause, "as") switch
            {
                // A log is text: there is nothing to lay out.
                "Table" => media != MediaTypes.Protobuf && request.Info.Subresource != "log" && PrinterOf(request, resource) is not null,
                "PartialObjectMetadata" or "PartialObjectMetadataList" => true,
                _ => false,
            };
    }

    private static bool IsTransform(MediaClause clause) =>
        clause.Parameters.ContainsKey("as") || clause.Parameters.ContainsKey("g") || clause.Parameters.ContainsKey("v");

    /// <summary>YAML is not streamed, and there are only streams of watches.</summary>
    private static bool AllowsStream(MediaClause clause, string media) => Parameter(clause, "stream") switch
    {
        "" => true,
        "watch" => media != MediaTypes.Yaml,
        _ => false,
    };

    private static string Parameter(MediaClause clause, string name) => clause.Parameters.GetValueOrDefault(name, "");

    private static Outcome<ObjectForm> FormOf(ApiRequest request, ServedResource resource, MediaClause clause, string media)
    {
        var apiVersion = $"meta.k8s.io/{Parameter(clause, "v")}";
        var isList = request.Info.Verb is "list" or "watch" or "deletecollection";
        switch (Parameter(clause, "as"))
        {
            case "":
                return media == MediaTypes.Protobuf ? ProtobufOf(request, resource) : WholeForm(request, resource);
            case "Table":
                return TableOf(request, resource, apiVersion);
            case "PartialObjectMetadata" when request.Info.Verb == "list":
                return NotAcceptable($"you requested PartialObjectMetadata, but the requested object is a list ({GoType(resource, list: true)})");
            case "PartialObjectMetadataList" when !isList:
                return NotAcceptable($"you requested PartialObjectMetadataList, but the requested object is not a list ({GoType(resource, list: false)})");
            case var form:
                var listsOnly = form == "PartialObjectMetadataList";
                return media == MediaTypes.Protobuf
                    ? ProtobufForm.OfMetadata(apiVersion, listsOnly)
                    : new PartialMetadataForm(apiVersion, listsOnly);
        }
    }

    private static ProtobufForm ProtobufOf(ApiRequest request, ServedResource resource) =>
        PartOf(request, resource) is { Schema: { } schema } part ? ProtobufForm.Of(part, schema) : ProtobufForm.Of(resource);

    /// <summary>The subresource of the request, if it speaks a kind of its own.</summary>
    private static ServedSubresource? PartOf(ApiRequest request, ServedResource resource) =>
        request.Info.Subresource.Length > 0 && resource.Subresource(request.Info.Subresource) is { } part && part.Kind != resource.Kind ? part : null;

    private static TablePrinter? PrinterOf(ApiRequest request, ServedResource resource)
    {
        var kind = PartOf(request, resource)?.Kind ?? resource.Kind;
        return kind == resource.Kind && resource.Printer is { } own ? own : TablePrinters.For(new(kind.Group, kind.Kind));
    }

    private static Outcome<ObjectForm> TableOf(ApiRequest request, ServedResource resource, string apiVersion)
    {
        var asked = request.Http.Request.Query.First("includeObject");
        TableObjects? objects = asked switch
        {
            "" or "Metadata" => TableObjects.Metadata,
            "Object" => TableObjects.Object,
            "None" => TableObjects.None,
            _ => null,
        };
        if (objects is not { } included)
        {
            var fault = FieldError.Invalid("includeObject", asked, "must be 'Metadata', 'Object', 'None', or empty");
            return Status.BadRequest($"Unable to convert to Table as requested: {fault}");
        }
        return new TableForm(PrinterOf(request, resource)!, apiVersion, included, WholeForm(request, resource), request.Time);
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
            if (type is "*/*" or MediaTypes.Json or MediaTypes.Yaml or MediaTypes.Protobuf)
                return true;
        }
        return false;
    }

    internal static Status NotAcceptable(string message) => new() { Code = 406, Reason = "NotAcceptable", Message = message };
}
