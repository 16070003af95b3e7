using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;

namespace Pilothouse.Server.Requests;

/// <summary>Content types as upstream reads them.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string Yaml = "application/yaml";
    public const string Protobuf = "application/vnd.kubernetes.protobuf";

    /// <summary>What objects are read and written in.</summary>
    public const string Known = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <summary>How the body is written; JSON when nobody says. 415 for what cannot be read.</summary>
    public static Outcome<BodyMedia> OfBody(HttpRequest request) => Essence(request.ContentType) switch
    {
        "" or Json => BodyMedia.Json,
        Yaml => BodyMedia.Yaml,
        Protobuf => BodyMedia.Protobuf,
        _ => Unsupported(Known),
    };

    /// <summary>What watches are written in.</summary>
    public const string KnownStreams = $"{Json};stream=watch, {Protobuf};stream=watch";

    public static Status Unsupported(string accepted) => new()
    {
        Code = 415,
        Reason = "UnsupportedMediaType",
        Message = $"the body of the request was in an unknown format - accepted media types include: {accepted}",
    };

    /// <summary>The type without parameters, in lower case.</summary>
    public static string Essence(string? contentType)
    {
        var type = contentType ?? "";
        var semicolon = type.IndexOf(';');
        return (semicolon < 0 ? type : type[..semicolon]).Trim().ToLowerInvariant();
    }
}
