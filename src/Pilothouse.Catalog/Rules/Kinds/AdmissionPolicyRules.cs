using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What ValidatingAdmissionPolicy and MutatingAdmissionPolicy have in common.</summary>
internal abstract partial class AdmissionPolicyRules : KindRules
{
    private static readonly string[] ReservedNames =
    [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while",
    ];

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => Check(obj, null, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource != "status")
            Check(obj, old, errors);
    }

    /// <summary>The part of the spec that only one of the kinds has.</summary>
    protected abstract void CheckRest(JsonObject obj, JsonObject spec, PolicyExpressions expressions, FieldErrors errors);

    /// <summary>Whether variables may construct the types of patches.</summary>
    protected abstract bool Mutates { get; }

    private void Check(JsonObject obj, JsonObject? old, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var path = FieldPath.Spec;
        var failurePolicy = spec.Text("failurePolicy") ?? "";
        if (failurePolicy.Length == 0)
            errors.Required(path.Child("failurePolicy"));
        else if (failurePolicy is not ("Fail" or "Ignore"))
            errors.NotSupported(path.Child("failurePolicy"), failurePolicy, "Fail", "Ignore");
        var kind = spec.Object("paramKind");
        if (kind is not null)
            CheckParamKind(kind, path.Child("paramKind"), errors);
        if (spec.Object("matchConstraints") is { } constraints)
        {
            var place = path.Child("matchConstraints");
            AdmissionMatchValidation.ValidateMatchResources(constraints, place, errors);
            // The rules say of which types the expressions speak.
            if (constraints.List("resourceRules") is not { Count: > 0 })
                errors.Required(place.Child("resourceRules"));
            if (Mutates)
                AdmissionMatchValidation.ValidateMutableOperations(constraints, place, errors);
        }
        else
            errors.Required(path.Child("matchConstraints"));
        if (old?.Object("spec") is not { } oldSpec || !MatchConditionValidation.AreUnchanged(spec, oldSpec))
            MatchConditionValidation.Validate(spec, path, kind is not null, errors);

        var variables = spec.List("variables");
        var expressions = new PolicyExpressions(kind is not null, variables is { Count: > 0 });
        for (var i = 0; i < (variables?.Count ?? 0); i++)
        {
            if (variables![i] is JsonObject variable)
                CheckVariable(variable, expressions, path.Child("variables").Index(i), errors);
        }
        CheckRest(obj, spec, expressions, errors);
    }

    private void CheckVariable(JsonObject variable, PolicyExpressions expressions, FieldPath path, FieldErrors errors)
    {
        var name = variable.Text("name") ?? "";
        if (name.Trim().Length == 0)
            errors.Required(path.Child("name"), "name is not specified");
        else if (!Identifier.IsMatch(name) || ReservedNames.Contains(name))
            errors.Invalid(path.Child("name"), name, "must be a valid CEL identifier");
        var text = variable.Text("expression") ?? "";
        if (text.Trim().Length == 0)
            errors.Required(path.Child("expression"), "expression is not specified");
        else
            ExpressionValidation.Check(expressions.AddVariable(name, text, Mutates), path.Child("expression"), errors);
    }

    private static void CheckParamKind(JsonObject kind, FieldPath path, FieldErrors errors)
    {
        var version = kind.Text("apiVersion") ?? "";
        if (version.Length == 0)
            errors.Required(path.Child("apiVersion"));
        else if (version.Count(c => c == '/') > 1)
            errors.Invalid(path.Child("apiVersion"), version, $"unexpected GroupVersion string: {version}");
        else
        {
            var parts = version == "/" ? ["", ""] : version.Split('/');
            var (group, name) = parts.Length == 2 ? (parts[0], parts[1]) : ("", parts[0]);
            if (group.Length > 0 && NameFormats.DnsSubdomain(group) is { Count: > 0 } faults)
                errors.Invalid(path.Child("apiVersion"), group, string.Join(',', faults));
            if (name.Length == 0)
                errors.Invalid(path.Child("apiVersion"), version, "version must be specified");
            else if (NameFormats.Dns1035Label(name) is { Count: > 0 } wrong)
                errors.Invalid(path.Child("apiVersion"), name, string.Join(',', wrong));
        }
        var kindName = kind.Text("kind") ?? "";
        if (kindName.Length == 0)
            errors.Required(path.Child("kind"));
        else if (NameFormats.Dns1035Label(kindName.ToLowerInvariant()) is { Count: > 0 } faults)
            errors.Invalid(path.Child("kind"), kindName, "may have mixed case, but should otherwise match: " + string.Join(',', faults));
    }

    [GeneratedRegex(@"^[_a-zA-Z][_a-zA-Z0-9]*\z")]
    private static partial Regex Identifier { get; }
}
