using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>What validating policies found wrong with one request.</summary>
internal sealed class Findings
{
    private readonly List<JsonObject> _noted = [];

    // The first one is what the client is told.
    private (string Message, string Reason)? _denied;

    /// <summary>Failures for the audit.</summary>
    public IReadOnlyList<JsonObject> Noted => _noted;

    /// <summary>A policy or binding cannot be evaluated at all.</summary>
    public void Misconfigured(AdmissionPolicy policy, PolicyBinding? binding, string why)
    {
        if (!policy.FailsOpen)
            Deny(policy, binding, $"failed to configure {(binding is null ? "policy" : "binding")}: {why}", "");
    }

    public void Deny(AdmissionPolicy policy, PolicyBinding? binding, string message, string reason)
    {
        var with = binding is null ? "" : $" with binding '{binding.Name}'";
        _denied ??= ($"ValidatingAdmissionPolicy '{policy.Name}'{with} denied request: {message}", reason.Length == 0 ? "Invalid" : reason);
    }

    public void Note(AdmissionPolicy policy, PolicyBinding binding, int expression, string message) => _noted.Add(new JsonObject
    {
        ["message"] = message,
        ["policy"] = policy.Name,
        ["binding"] = binding.Name,
        ["expressionIndex"] = expression,
        ["validationActions"] = new JsonArray([.. binding.Actions.Select(a => JsonValue.Create(a))]),
    });

    /// <summary>The answer; null when nothing was denied.</summary>
    public Status? Refusal(AdmissionRequest request)
    {
        if (_denied is not var (message, reason))
            return null;
        var refusal = AdmissionPlugins.Forbidden(request, message);
        return refusal with
        {
            Reason = reason,
            Code = reason switch
            {
                "Forbidden" => 403,
                "Unauthorized" => 401,
                "RequestEntityTooLarge" => 413,
                _ => 422,
            },
            Details = refusal.Details! with { Causes = [new("", message)] },
        };
    }
}
