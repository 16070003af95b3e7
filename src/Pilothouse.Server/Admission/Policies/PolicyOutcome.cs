using Pilothouse.Cel;

namespace Pilothouse.Server.Admission;

/// <summary>Turns what one evaluation of a bound policy came to into what its binding asks for.</summary>
internal sealed class PolicyOutcome(
    ValidatingPolicy policy, PolicyBinding binding, AdmissionRequest request, Findings findings, PolicyAnnotations annotations)
{
    /// <summary>An expression could not be evaluated; the policy's failurePolicy says what that means.</summary>
    public void Failed(int expression, string error)
    {
        if (!policy.FailsOpen)
            Act(expression, error, "");
    }

    /// <summary>An expression does not hold.</summary>
    public void Denied(int expression, string message, string reason) => Act(expression, message, reason);

    /// <summary>The value of an annotation; null for none.</summary>
    public void Annotate(string key, in CelValue value, string? error)
    {
        if (error is not null)
        {
            if (!policy.FailsOpen)
                findings.Deny(policy, binding, error, "");
        }
        else if (value.Kind == CelKind.String && value.AsString.Trim() is { Length: > 0 } text)
            annotations.Add(key, text);
    }

    private void Act(int expression, string message, string reason)
    {
        foreach (var action in binding.Actions)
        {
            switch (action)
            {
                case "Deny":
                    findings.Deny(policy, binding, message, reason);
                    break;
                case "Audit":
                    findings.Note(policy, binding, expression, message);
                    break;
                case "Warn":
                    request.Context.Warnings.Add(
                        $"Validation failed for ValidatingAdmissionPolicy '{policy.Name}' with binding '{binding.Name}': {message}");
                    break;
            }
        }
    }
}
