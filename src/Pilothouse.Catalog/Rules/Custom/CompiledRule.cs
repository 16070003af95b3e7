using Pilothouse.Cel;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog;

/// <summary>A rule with its programs.</summary>
/// <param name="Rule">As it is written.</param>
/// <param name="Program">The rule; null when it does not compile.</param>
/// <param name="Error">Why it does not.</param>
/// <param name="Message">What makes the message; null for none.</param>
internal sealed record CompiledRule(StructuralRule Rule, CelProgram? Program, string? Error, CelProgram? Message)
{
    /// <summary>It compares with the value before.</summary>
    public bool UsesOldSelf { get; } = Program?.Uses("oldSelf") == true;

    /// <summary>The rule as errors name it.</summary>
    public string Name => (Rule.Message.Length > 0 ? Rule.Message : Rule.Rule).Trim();

    public static CompiledRule Of(StructuralRule rule, CelType self)
    {
        var environment = CelEnvironment.Kubernetes
            .WithVariable("self", self)
            .WithVariable("oldSelf", rule.OptionalOldSelf == true ? CelType.Optional(self) : self);
        var compiled = environment.Compile(rule.Rule);
        return new(
            rule, compiled.Program, compiled.Program is null ? compiled.ErrorText : null,
            rule.MessageExpression.Length > 0 ? environment.Compile(rule.MessageExpression).Program : null);
    }
}
