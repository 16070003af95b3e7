using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Configurations of webhooks. What was accepted once, when less was checked, may stay as it is.</summary>
internal sealed class WebhookConfigurationRules(bool mutates) : KindRules
{
    private static readonly FieldPath Webhooks = FieldPath.Of("webhooks");

    private static readonly string[] Versions = ["v1", "v1beta1"];
    private static readonly string[] NoSideEffects = ["None", "NoneOnDryRun"];
    private static readonly string[] SideEffects = ["None", "NoneOnDryRun", "Some", "Unknown"];

    public override bool KeepsGeneration => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => Validate(obj, Tolerance.None, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors) =>
        Validate(obj, Tolerance.Of(obj, old), errors);

    private void Validate(JsonObject obj, Tolerance tolerance, FieldErrors errors)
    {
        var names = new HashSet<string>();
        foreach (var (i, hook) in obj.Items("webhooks"))
        {
            var path = Webhooks.Index(i);
            ValidateHook(hook, path, tolerance, errors);
            ValidateVersions(hook, path.Child("admissionReviewVersions"), tolerance.UnknownVersions, errors);
            var name = hook.Word("name");
            if (!tolerance.RepeatedNames && name.Length > 0 && !names.Add(name))
                errors.Duplicate(path.Child("name"), name);
        }
    }

    private void ValidateHook(JsonObject hook, FieldPath path, Tolerance tolerance, FieldErrors errors)
    {
        DomainFields.FullyQualifiedName(path.Child("name"), hook.Word("name"), errors);
        foreach (var (i, rule) in hook.Items("rules"))
            AdmissionMatchValidation.ValidateRule(rule, path.Child("rules").Index(i), errors);
        if (hook.Text("failurePolicy") is { } failure && failure is not ("Fail" or "Ignore"))
            errors.NotSupported(path.Child("failurePolicy"), failure, "Fail", "Ignore");
        if (hook.Text("matchPolicy") is { } match && match is not ("Equivalent" or "Exact"))
            errors.NotSupported(path.Child("matchPolicy"), match, "Equivalent", "Exact");
        var allowed = tolerance.SideEffects ? SideEffects : NoSideEffects;
        if (hook.Text("sideEffects") is not { } effects)
            errors.Required(path.Child("sideEffects"), $"must specify one of {string.Join(", ", allowed)}");
        else if (!allowed.Contains(effects))
            errors.NotSupported(path.Child("sideEffects"), effects, allowed);
        if (hook.Integer("timeoutSeconds") is < 1 or > 30)
            errors.Invalid(path.Child("timeoutSeconds"), hook.Integer("timeoutSeconds"), "the timeout value must be between 1 and 30 seconds");
        foreach (var selector in (ReadOnlySpan<string>)["namespaceSelector", "objectSelector"])
            LabelSelectorValidation.Validate(hook.Object(selector), path.Child(selector), errors, tolerance.SelectorValues);
        if (mutates && hook.Text("reinvocationPolicy") is { } again && again is not ("IfNeeded" or "Never"))
            errors.NotSupported(path.Child("reinvocationPolicy"), again, "IfNeeded", "Never");
        WebhookClientValidation.Validate(hook.Object("clientConfig") ?? [], path.Child("clientConfig"), errors);
        if (!tolerance.SameConditions)
            MatchConditionValidation.Validate(hook, path, parameters: false, errors);
    }

    private static void ValidateVersions(JsonObject hook, FieldPath path, bool tolerateUnknown, FieldErrors errors)
    {
        const string Field = "admissionReviewVersions";
        if (hook.CountOf(Field) == 0)
        {
            errors.Required(path, $"must specify one of {string.Join(", ", Versions)}");
            return;
        }
        var seen = new HashSet<string>();
        foreach (var (i, version) in hook.Words(Field))
        {
            if (seen.Add(version))
                errors.InvalidEach(path.Index(i), version, NameFormats.Dns1035Label(version));
            else
                errors.Invalid(path.Index(i), version, "duplicate version");
        }
        if (!tolerateUnknown && !seen.Overlaps(Versions))
            errors.Invalid(path, GoJsonText.Show(hook[Field]), $"must include at least one of {string.Join(", ", Versions)}");
    }

    /// <summary>What an update may have because the old object has it too.</summary>
    private readonly record struct Tolerance(bool SameConditions, bool SideEffects, bool UnknownVersions, bool RepeatedNames, bool SelectorValues)
    {
        public static Tolerance None => default;

        public static Tolerance Of(JsonObject obj, JsonObject old)
        {
            var same = obj.CountOf("webhooks") == old.CountOf("webhooks");
            var (effects, unknown, repeated, values) = (false, false, false, false);
            var names = new HashSet<string>();
            var now = obj.List("webhooks");
            foreach (var (i, hook) in old.Items("webhooks"))
            {
                same = same && TreeEquality.Same((now![i] as JsonObject)?["matchConditions"], hook["matchConditions"]);
                effects |= !NoSideEffects.Contains(hook.Text("sideEffects"));
                repeated |= !names.Add(hook.Word("name"));
                var known = false;
                foreach (var (_, version) in hook.Words("admissionReviewVersions"))
                    known |= Versions.Contains(version);
                unknown |= !known && hook.CountOf("admissionReviewVersions") > 0;
                var wrong = new FieldErrors();
                LabelSelectorValidation.Validate(hook.Object("namespaceSelector"), Webhooks, wrong);
                LabelSelectorValidation.Validate(hook.Object("objectSelector"), Webhooks, wrong);
                values |= wrong.Any;
            }
            return new(same, effects, unknown, repeated, values);
        }
    }
}
