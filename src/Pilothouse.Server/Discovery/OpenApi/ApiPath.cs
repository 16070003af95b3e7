namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>A path and what can be done there.</summary>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Document">The OpenAPI v3 document that it is in, <c>apis/apps/v1</c>.</param>
/// <param name="Operations">One per method.</param>
internal sealed record ApiPath(string Path, string Document, IReadOnlyList<ApiOperation> Operations)
{
    /// <summary>Parameters that all operations of the path have: published once, with the path.</summary>
    public IReadOnlyList<ApiParameter> CommonParameters { get; } =
    [
        .. Operations[0].Parameters.Where(
            p => Operations.All(o => o.Parameters.Any(other => other.Name == p.Name && other.In == p.In))),
    ];

    /// <summary>The parameters of one operation beside the common ones.</summary>
    public IEnumerable<ApiParameter> OwnParameters(ApiOperation operation) =>
        operation.Parameters.Where(p => !CommonParameters.Any(c => c.Name == p.Name && c.In == p.In));
}
