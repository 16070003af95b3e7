using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Webhook;

/// <summary>Writes a question as the SubjectAccessReview that webhooks are sent.</summary>
internal static class AccessReviewJson
{
    public static JsonObject Of(AuthorizationAttributes attributes, string version)
    {
        var spec = new JsonObject();
        if (attributes.IsResourceRequest)
            spec["resourceAttributes"] = Resource(attributes);
        else
            spec["nonResourceAttributes"] = Texts(("path", attributes.Path), ("verb", attributes.Verb));
        var user = attributes.User;
        if (user.Name.Length > 0)
            spec["user"] = user.Name;
        if (user.Groups.Count > 0)
            spec[version == "v1beta1" ? "group" : "groups"] = List(user.Groups);
        if (user.Extra.Count > 0)
        {
            spec["extra"] = new JsonObject(user.Extra.OrderBy(e => e.Key, StringComparer.Ordinal)
                .Select(e => KeyValuePair.Create(e.Key, (JsonNode?)List(e.Value))));
        }
        if (user.Uid.Length > 0)
            spec["uid"] = user.Uid;
        return new()
        {
            ["kind"] = "SubjectAccessReview",
            ["apiVersion"] = $"authorization.k8s.io/{version}",
            ["metadata"] = new JsonObject(),
            ["spec"] = spec,
            ["status"] = new JsonObject { ["allowed"] = false },
        };
    }

    private static JsonObject Resource(AuthorizationAttributes attributes)
    {
        var resource = Texts(
            ("namespace", attributes.Namespace), ("verb", attributes.Verb), ("group", attributes.Group), ("version", attributes.Version),
            ("resource", attributes.Resource), ("subresource", attributes.Subresource), ("name", attributes.Name));
        AddSelector(resource, "fieldSelector", attributes.FieldSelector?.Requirements.Select(r => (JsonNode?)new JsonObject
        {
            ["key"] = r.Field,
            ["operator"] = r.Negated ? "NotIn" : "In",
            ["values"] = new JsonArray(r.Value),
        }));
        AddSelector(resource, "labelSelector", attributes.LabelSelector?.Requirements.Select(LabelTerm));
        return resource;
    }

    /// <summary>A term that the API can say; null for the others, which makes the question broader, never narrower.</summary>
    private static JsonObject? LabelTerm(LabelRequirement requirement)
    {
        var known = requirement.Operator switch
        {
            LabelOperator.In => "In",
            LabelOperator.NotIn => "NotIn",
            LabelOperator.Exists => "Exists",
            LabelOperator.DoesNotExist => "DoesNotExist",
            _ => null,
        };
        if (known is null)
            return null;
        var term = new JsonObject { ["key"] = requirement.Key, ["operator"] = known };
        if (requirement.Values.Count > 0)
            term["values"] = List(requirement.Values);
        return term;
    }

    private static void AddSelector(JsonObject resource, string name, IEnumerable<JsonNode?>? terms)
    {
        var known = (terms ?? []).Where(t => t is not null).ToArray();
        if (known.Length > 0)
            resource[name] = new JsonObject { ["requirements"] = new JsonArray(known) };
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static JsonObject Texts(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var obj = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (value.Length > 0)
                obj[name] = value;
        }
        return obj;
    }
}
