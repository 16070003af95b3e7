using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>ValidatingAdmissionPolicyBinding and MutatingAdmissionPolicyBinding: which policy, where, with which parameters.</summary>
internal sealed class PolicyBindingRules : KindRules
{
    private static readonly string[] Actions = ["Audit", "Deny", "Warn"];

    /// <summary>It binds a policy that changes objects, and has no actions to choose from.</summary>
    public bool Mutates { get; init; }

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var path = FieldPath.Spec;
        var policy = spec.Text("policyName") ?? "";
        if (policy.Length == 0)
            errors.Required(path.Child("policyName"));
        else
            errors.InvalidEach(path, "policyName", policy, NameFormats.DnsSubdomain(policy));
        AdmissionMatchValidation.ValidateParamRef(spec.Object("paramRef"), path.Child("paramRef"), errors);
        AdmissionMatchValidation.ValidateMatchResources(spec.Object("matchResources"), path.Child("matchResources"), errors);
        if (Mutates)
            AdmissionMatchValidation.ValidateMutableOperations(spec.Object("matchResources"), path.Child("matchResources"), errors);
        else
            CheckActions(spec.List("validationActions"), path.Child("validationActions"), errors);
    }

    private static void CheckActions(JsonArray? actions, FieldPath path, FieldErrors errors)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < (actions?.Count ?? 0); i++)
        {
            var action = actions![i].AsText() ?? "";
            if (!Actions.Contains(action))
                errors.NotSupported(path.Index(i), action, Actions);
            if (!seen.Add(action))
                errors.Duplicate(path.Index(i), action);
        }
        if (seen.Contains("Deny") && seen.Contains("Warn"))
        {
            errors.Invalid(path, GoJsonText.Show(actions), "must not contain both Deny and Warn (repeating the same validation " +
                "failure information in the API response and headers serves no purpose)");
        }
        if (seen.Count == 0)
            errors.Required(path, "at least one validation action is required");
    }
}
