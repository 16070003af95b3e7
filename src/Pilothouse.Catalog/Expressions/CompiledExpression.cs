using Pilothouse.Cel;

namespace Pilothouse.Catalog;

/// <summary>An expression of a webhook or policy: a program, or why there is none.</summary>
/// <param name="Text">As it was compiled.</param>
/// <param name="Program">The program; null when there is an error.</param>
/// <param name="Error">What is wrong, as field errors show it; null when nothing is.</param>
public sealed record CompiledExpression(string Text, CelProgram? Program, string? Error)
{
    private static readonly CelType[] BoolOnly = [CelType.Bool];
    private static readonly CelType[] StringOnly = [CelType.String];
    private static readonly CelType[] StringOrNull = [CelType.String, CelType.Null];
    private static readonly CelType[] ObjectOnly = [PatchTypes.Object];
    private static readonly CelType[] PatchOnly = [CelType.List(PatchTypes.JsonPatch)];

    /// <summary>Compiles what has to be a bool: a condition or a validation.</summary>
    public static CompiledExpression Condition(CelEnvironment environment, string text) => Compile(environment, text, BoolOnly);

    /// <summary>Compiles a message.</summary>
    public static CompiledExpression Message(CelEnvironment environment, string text) => Compile(environment, text, StringOnly);

    /// <summary>Compiles the value of an audit annotation.</summary>
    public static CompiledExpression AuditValue(CelEnvironment environment, string text) => Compile(environment, text, StringOrNull);

    /// <summary>Compiles an apply configuration.</summary>
    public static CompiledExpression ApplyConfiguration(CelEnvironment environment, string text) => Compile(environment, text, ObjectOnly);

    /// <summary>Compiles a JSON patch.</summary>
    public static CompiledExpression JsonPatch(CelEnvironment environment, string text) => Compile(environment, text, PatchOnly);

    /// <summary>Compiles what may be of any type: a variable.</summary>
    public static CompiledExpression Any(CelEnvironment environment, string text) => Compile(environment, text, []);

    private static CompiledExpression Compile(CelEnvironment environment, string text, CelType[] allowed)
    {
        var compiled = environment.Compile(text);
        if (compiled.Program is not { } program)
            return new(text, null, $"compilation failed: {compiled.ErrorText}");
        var type = program.ResultType;
        if (allowed.Length > 0 && !allowed.Any(type.IsExactly))
        {
            var wanted = allowed.Length == 1 ? allowed[0].ToString() : $"one of [{string.Join<CelType>(' ', allowed)}]";
            return new(text, null, $"must evaluate to {wanted} but got {type}");
        }
        return new(text, program, null);
    }
}
