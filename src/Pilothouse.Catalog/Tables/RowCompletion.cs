namespace Pilothouse.Catalog;

/// <summary>Why what a row shows is over.</summary>
internal sealed record RowCompletion(string Reason, string Message);
