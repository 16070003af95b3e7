using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The claims of devices in a pod (dynamic resource allocation).</summary>
internal static class ResourceClaimValidation
{
    public static IReadOnlyCollection<string> Names(JsonArray? claims)
    {
        if (claims is not { Count: > 0 })
            return [];
        var names = new HashSet<string>();
        foreach (var node in claims)
        {
            if ((node as JsonObject)?.Text("name") is { Length: > 0 } name)
                names.Add(name);
        }
        return names;
    }

    public static void Validate(JsonArray claims, JsonObject? metadata, FieldPath path, FieldErrors errors)
    {
        var names = new HashSet<string>();
        var isStatic = metadata.Object("annotations")?.ContainsKey(PodAnnotationValidation.Mirror) == true;
        for (var i = 0; i < claims.Count; i++)
        {
            if (isStatic)
            {
                errors.Add(FieldError.Forbidden("[]", "static pods do not support resource claims"));
                continue;
            }
            var claim = claims[i] as JsonObject ?? [];
            var at = path.Index(i);
            var name = claim.Text("name") ?? "";
            if (name.Length == 0)
                errors.Required(at.Child("name"));
            else if (!names.Add(name))
                errors.Duplicate(at.Child("name"), name);
            else
                errors.InvalidEach(at, "name", name, NameFormats.DnsLabel(name));
            var (claimName, template) = (claim.Text("resourceClaimName"), claim.Text("resourceClaimTemplateName"));
            if (claimName is not null && template is not null)
            {
                errors.Invalid(at, InternalForm.Show(claim, "PodResourceClaim"),
                    "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
            }
            if (claimName is null && template is null)
                errors.Invalid(at, InternalForm.Show(claim, "PodResourceClaim"), "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            if (claimName is not null)
                errors.InvalidEach(at, "resourceClaimName", claimName, NameFormats.DnsSubdomain(claimName));
            if (template is not null)
                errors.InvalidEach(at, "resourceClaimTemplateName", template, NameFormats.DnsSubdomain(template));
        }
    }
}
