namespace Pilothouse.Cel;

/// <summary>What went wrong in an evaluation.</summary>
/// <param name="Message">The text, as upstream words it.</param>
internal sealed record CelError(string Message)
{
    public static CelError NoSuchOverload { get; } = new("no such overload");
}
