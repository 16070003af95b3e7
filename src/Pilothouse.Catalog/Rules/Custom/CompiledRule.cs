using Pilothouse.Cel;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>A rule with its programs.</summary>
/// <param name="Rule">As it is written.</param>
/// <param name="Program">The rule; null when it does not compile.</param>
/// <param name="Error">Why it does not.</param>
/// <param name="Message">What makes the message; null for none, and when the rule or it does not compile.</param>
/// <param name="MessageError">Why it does not.</param>
internal sealed record CompiledRule(StructuralRule Rule, CelProgram? Program, string? Error, CelProgram? Message, string? MessageError)
{
    /// <summary>It compares with the value before.</summary>
    public bool UsesOldSelf { get; } = Program?.Uses("oldSelf") == true;

    /// <summary>The rule as errors name it.</summary>
    public string Name => (Rule.Message.Length > 0 ? Rule.Message : Rule.Rule).Trim();

    /// <summary>Compiles a rule about values of a type.</summary>
    public static CompiledRule Of(StructuralRule rule, CelType self)
    {
        var environment = CelEnvironment.Kubernetes
            .WithVariable("self", self)
            .WithVariable("oldSelf", rule.OptionalOldSelf == true ? CelType.Optional(self) : self);
        var compiled = environment.Compile(rule.Rule);
        if (compiled.Program is not { } program)
            return new(rule, null, "compilation failed: " + compiled.ErrorText, null, null);
        if (program.ResultType.Kind != CelTypeKind.Bool)
            return new(rule, null, "cel expression must evaluate to a bool", null, null);
        if (rule.MessageExpression.Length == 0)
            return new(rule, program, null, null, null);
        compiled = environment.Compile(rule.MessageExpression);
        if (compiled.Program is not { } message)
            return new(rule, program, null, null, "messageExpression compilation failed: " + compiled.ErrorText);
        return message.ResultType.Kind != CelTypeKind.String
            ? new(rule, program, null, null, "messageExpression must evaluate to a string")
            : new(rule, program, null, message, null);
    }
}
