using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Reviews;

/// <summary>Reads from an access review what is to be asked of the authorizers.</summary>
internal static class AccessReviewAttributes
{
    /// <summary>What the spec of a SubjectAccessReview is about, and whom.</summary>
    public static AuthorizationAttributes Of(JsonObject spec) => Of(spec, new(
        spec.Text("user") ?? "",
        spec.Text("uid") ?? "",
        Texts(spec.List("groups")),
        (spec.Object("extra") ?? []).ToDictionary(e => e.Key, e => Texts(e.Value as JsonArray))));

    /// <summary>What a spec is about, when it is known whom.</summary>
    public static AuthorizationAttributes Of(JsonObject spec, UserInfo user)
    {
        if (spec.Object("resourceAttributes") is not { } resource)
        {
            var path = spec.Object("nonResourceAttributes") ?? [];
            return new() { User = user, IsResourceRequest = false, Path = path.Text("path") ?? "", Verb = path.Text("verb") ?? "" };
        }
        return new()
        {
            User = user,
            IsResourceRequest = true,
            Verb = resource.Text("verb") ?? "",
            Namespace = resource.Text("namespace") ?? "",
            Group = resource.Text("group") ?? "",
            Version = resource.Text("version") is { Length: > 0 } version ? version : "*",
            Resource = resource.Text("resource") ?? "",
            Subresource = resource.Text("subresource") ?? "",
            Name = resource.Text("name") ?? "",
            FieldSelector = Selector(resource.Object("fieldSelector"), SelectorAttributes.Fields, FieldTerm),
            LabelSelector = Selector(resource.Object("labelSelector"), SelectorAttributes.Labels, LabelTerm),
        };
    }

    /// <summary>The status that an answer becomes.</summary>
    public static JsonObject StatusOf(AuthorizationDecision decision, AuthorizationAttributes attributes)
    {
        var status = new JsonObject { ["allowed"] = decision.IsAllowed };
        if (decision.Verdict == AuthorizationVerdict.Deny)
            status["denied"] = true;
        if (decision.Reason.Length > 0)
            status["reason"] = decision.Reason;
        var errors = new List<string>();
        if (decision.Error.Length > 0)
            errors.Add(decision.Error);
        AddIgnored(errors, "fieldSelector", attributes.FieldSelector);
        AddIgnored(errors, "labelSelector", attributes.LabelSelector);
        if (errors.Count > 0)
            status["evaluationError"] = string.Join("; ", errors);
        return status;
    }

    private static void AddIgnored<T>(List<string> errors, string name, SelectorAttribute<T>? selector)
    {
        if (selector is { HasParseError: true })
            errors.Add($"spec.resourceAttributes.{name} {(selector.Requirements.Count > 0 ? "partially " : "")}ignored due to parse error");
    }

    private static SelectorAttribute<T>? Selector<T>(
        JsonObject? selector, Func<string, SelectorAttribute<T>?> parse, Func<JsonObject, T?> term)
        where T : class
    {
        if (selector is null)
            return null;
        var terms = selector.Objects("requirements").Select(term).ToList();
        return terms.Count == 0 ? parse(selector.Text("rawSelector") ?? "")
            : new(terms.OfType<T>().ToList(), HasParseError: terms.Contains(null));
    }

    /// <summary>A term of a field selector; null for one that there cannot be in the text form.</summary>
    private static FieldRequirement? FieldTerm(JsonObject requirement) =>
        Texts(requirement.List("values")) is [var value] && requirement.Text("operator") is "In" or "NotIn"
            ? new(requirement.Text("key") ?? "", value, Negated: requirement.Text("operator") == "NotIn")
            : null;

    private static LabelRequirement? LabelTerm(JsonObject requirement)
    {
        LabelOperator? known = requirement.Text("operator") switch
        {
            "In" => LabelOperator.In,
            "NotIn" => LabelOperator.NotIn,
            "Exists" => LabelOperator.Exists,
            "DoesNotExist" => LabelOperator.DoesNotExist,
            _ => null,
        };
        return known is { } @operator ? new(requirement.Text("key") ?? "", @operator, Texts(requirement.List("values"))) : null;
    }

    private static IReadOnlyList<string> Texts(JsonArray? list) => [.. (list ?? []).Select(t => t.AsText() ?? "")];
}
