using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Authorization;

/// <summary>What somebody wants to do: a verb on a resource, or on a path that is no resource.</summary>
public sealed record AuthorizationAttributes
{
    public required UserInfo User { get; init; }

    public required string Verb { get; init; }

    public required bool IsResourceRequest { get; init; }

    /// <summary>For paths that are no resource.</summary>
    public string Path { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The field selector of a list, watch or deletecollection; null for none (KEP-4601).</summary>
    public SelectorAttribute<FieldRequirement>? FieldSelector { get; init; }

    /// <summary>The label selector of a list, watch or deletecollection; null for none (KEP-4601).</summary>
    public SelectorAttribute<LabelRequirement>? LabelSelector { get; init; }

    /// <summary>get, list or watch: nothing is changed.</summary>
    public bool IsReadOnly => Verb is "get" or "list" or "watch";

    /// <summary>What a request wants, and who makes it.</summary>
    public static AuthorizationAttributes Of(ApiRequest request)
    {
        var info = request.Info;
        return new()
        {
            User = request.User,
            Verb = info.Verb,
            IsResourceRequest = info.IsResourceRequest,
            Path = info.Path,
            Namespace = info.Namespace,
            Group = info.Group,
            Version = info.Version,
            Resource = info.Resource,
            Subresource = info.Subresource,
            Name = info.Name,
            FieldSelector = SelectorAttributes.Fields(info.FieldSelector),
            LabelSelector = SelectorAttributes.Labels(info.LabelSelector),
        };
    }
}
