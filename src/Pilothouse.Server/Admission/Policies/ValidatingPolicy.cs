using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Admission;

/// <summary>A ValidatingAdmissionPolicy, compiled.</summary>
internal sealed class ValidatingPolicy : AdmissionPolicy
{
    private ValidatingPolicy(string name, JsonElement spec, IAuthorizer authorizer)
        : base(name, spec, patches: false, authorizer)
    {
        Validations =
        [
            .. spec.Elements("validations").Select(v => new Validation(
                Expressions.Validation(v.Text("expression")),
                v.Text("messageExpression") is { Length: > 0 } message ? Expressions.Message(message) : null,
                v.Text("message").Trim(),
                v.Text("reason"))),
        ];
        Annotations =
        [
            .. spec.Elements("auditAnnotations").Select(a => (a.Text("key"), Expressions.AuditValue(a.Text("valueExpression").Trim()))),
        ];
    }

    public IReadOnlyList<Validation> Validations { get; }

    public IReadOnlyList<(string Key, CompiledExpression Value)> Annotations { get; }

    public static ValidatingPolicy Read(string name, JsonElement json, IAuthorizer authorizer) => new(name, json.At("spec"), authorizer);

    /// <summary>An expression that has to hold, and what is said when it does not.</summary>
    internal sealed record Validation(CompiledExpression Expression, CompiledExpression? MessageExpression, string Message, string Reason);
}
