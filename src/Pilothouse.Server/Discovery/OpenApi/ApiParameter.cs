namespace Pilothouse.Server.Discovery.OpenApi;

/// <summary>A parameter of an operation as OpenAPI publishes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In"><c>query</c> or <c>path</c>.</param>
/// <param name="Type">string, integer or boolean.</param>
/// <param name="Description">What it means; null when nothing is known.</param>
internal sealed record ApiParameter(string Name, string In, string Type, string? Description);
