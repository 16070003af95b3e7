namespace Pilothouse;

/// <summary>The version of the Kubernetes API that is served, which is the program's own too.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } = typeof(ProgramVersion).Assembly.GetName().Version!.ToString(3);
}
