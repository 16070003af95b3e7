using Pilothouse.Objects;

namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>A method on a path, as both versions of OpenAPI publish it in their own way.</summary>
/// <param name="Method">get, put, post, delete, options, head or patch.</param>
/// <param name="Id">The name that generated clients are built from.</param>
/// <param name="Tag">The group and version, <c>apps_v1</c>.</param>
/// <param name="Description">One line.</param>
internal sealed record ApiOperation(string Method, string Id, string Tag, string Description)
{
    public static IReadOnlyList<string> Serializations { get; } =
        ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

    /// <summary><c>x-kubernetes-action</c>; empty for operations that are on no resource.</summary>
    public string Action { get; init; } = "";

    public GroupVersionKind? Kind { get; init; }

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The definition of the request's body; empty for none.</summary>
    public string Body { get; init; } = "";

    public bool BodyRequired { get; init; } = true;

    public IReadOnlyList<string> Consumes { get; init; } = ["*/*"];

    public IReadOnlyList<string> Produces { get; init; } = Serializations;

    public IReadOnlyList<ApiResponse> Responses { get; init; } = [];

    /// <summary>Callers who are nobody get 401; false for what everyone may read.</summary>
    public bool MayBeUnauthorized { get; init; } = true;
}
