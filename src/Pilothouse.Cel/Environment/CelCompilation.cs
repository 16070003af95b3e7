namespace Pilothouse.Cel;

/// <summary>What became of an expression's text.</summary>
public sealed class CelCompilation
{
    private readonly Issues _issues;

    internal CelCompilation(CelProgram? program, Issues issues)
    {
        Program = program;
        _issues = issues;
    }

    /// <summary>The program; null when something is wrong.</summary>
    public CelProgram? Program { get; }

    /// <summary>What is wrong, in the order of the text.</summary>
    public IReadOnlyList<CelIssue> Issues => _issues.Sorted();

    /// <summary>What is wrong as upstream prints it: position, message, the line and a mark below it.</summary>
    public string ErrorText => _issues.Format();
}
