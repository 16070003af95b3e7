namespace Pilothouse.Objects;

/// <summary>One cause in a <see cref="Status"/>: for a validation error, one per field.</summary>
public sealed record StatusCause(string Reason, string Message, string Field = "");
