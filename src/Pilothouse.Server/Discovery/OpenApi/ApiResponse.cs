namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>An answer that an operation may give.</summary>
/// <param name="Code">The HTTP status code.</param>
/// <param name="Description">OK, Created, Accepted.</param>
/// <param name="Definition">The definition of its body; empty for plain text.</param>
internal sealed record ApiResponse(int Code, string Description, string Definition);
