using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>How to reach a webhook: a URL, or a service in the cluster.</summary>
internal static class WebhookClientValidation
{
    private const string Form = "; desired format: https://host[/path]";

    /// <summary>Checks a <c>clientConfig</c>.</summary>
    public static void Validate(JsonObject config, FieldPath path, FieldErrors errors)
    {
        var (url, service) = (config.Text("url"), config.Object("service"));
        if (url is null == service is null)
            errors.Required(path, "exactly one of url or service is required");
        else if (url is not null)
            ValidateUrl(url, path.Child("url"), errors);
        else
            ValidateService(service!, path.Child("service"), errors);
    }

    /// <summary>A URL with https, a host, and nothing behind its path.</summary>
    public static void ValidateUrl(string text, FieldPath path, FieldErrors errors)
    {
        if (GoUrl.Parse(text, out var url) is { } fault)
        {
            errors.Required(path, $"url must be a valid URL: {fault}{Form}");
            return;
        }
        if (url!.Scheme != "https")
            errors.Invalid(path, url.Scheme, "'https' is the only allowed URL scheme" + Form);
        if (url.Host.Length == 0)
            errors.Invalid(path, "", "host must be specified" + Form);
        if (url.User is { } user)
            errors.Invalid(path, user, "user information is not permitted in the URL");
        if (url.Fragment.Length > 0)
            errors.Invalid(path, url.Fragment, "fragments are not permitted in the URL");
        if (url.RawQuery.Length > 0)
            errors.Invalid(path, url.RawQuery, "query parameters are not permitted in the URL");
    }

    /// <summary>A service, its port, and a path of which each part could be a name.</summary>
    public static void ValidateService(JsonObject service, FieldPath path, FieldErrors errors)
    {
        // Upstream hands name and namespace over in the wrong order, so each is missed under the other's name.
        if (service.Word("namespace").Length == 0)
            errors.Required(path.Child("name"));
        if (service.Word("name").Length == 0)
            errors.Required(path.Child("namespace"));
        var port = service.Integer("port") ?? 0;
        if (FieldFormats.PortNumber(port) is [var wrong])
            errors.Invalid(path.Child("port"), port, "port is not valid: " + wrong);
        if (service.Text("path") is not { } text || text is "" or "/")
            return;
        var at = path.Child("path");
        if (text == "//")
        {
            errors.Invalid(at, text, "segment[0] may not be empty");
            return;
        }
        if (text[0] != '/')
            errors.Invalid(at, text, "must start with a '/'");
        var rest = text[1..];
        if (rest.EndsWith('/'))
            rest = rest[..^1];
        var steps = rest.Split('/');
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Length == 0)
            {
                errors.Invalid(at, text, $"segment[{i}] may not be empty");
                continue;
            }
            foreach (var fault in NameFormats.DnsSubdomain(steps[i]))
                errors.Invalid(at, text, $"segment[{i}]: {fault}");
        }
    }
}
