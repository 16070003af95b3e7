using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Events, in both groups: made and repeated by machines, so names are hardly checked and PUT creates. What is written through
/// events.k8s.io must be complete, and hardly changes; the core group takes what it always took.
/// </summary>
internal sealed class EventRules : KindRules
{
    private const int MaxLength = 128;
    private const int MaxNoteLength = 1024;

    private static readonly string[] Unchanging =
    [
        "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "reason", "type", "eventTime", "action", "related",
        "reportingComponent", "reportingInstance",
    ];

    public override bool AllowsCreateOnUpdate => true;

    public override bool HasDependents => false;

    public override NameRule NameRule => NameRule.PathSegment;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        ValidateAlways(context, obj, errors);
        if (!IsStrict(context))
            return;
        var name = obj.Object("metadata").Word("name");
        errors.InvalidEach(FieldPath.Metadata, "name", name, NameFormats.DnsSubdomain(name));
        ValidateSeries(obj, errors);
        if (!HasTime(obj, "eventTime"))
            errors.Required(FieldPath.Of("eventTime"));
        // Upstream does not show the value, but names it in the text.
        if (obj.Word("type") is var type && type is not ("Normal" or "Warning"))
            errors.Invalid(FieldPath.Of("type"), "", $"has invalid value: {type}");
        foreach (var field in (ReadOnlySpan<string>)["firstTimestamp", "lastTimestamp"])
        {
            if (HasTime(obj, field))
                errors.Invalid(FieldPath.Of(field), "", "needs to be unset");
        }
        if ((obj.Integer("count") ?? 0) != 0)
            errors.Invalid(FieldPath.Of("count"), "", "needs to be unset");
        if (obj.Object("source").Word("component").Length > 0 || obj.Object("source").Word("host").Length > 0)
            errors.Invalid(FieldPath.Of("source"), "", "needs to be unset");
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        ValidateAlways(context, obj, errors);
        if (!IsStrict(context))
            return;
        if (!TreeEquality.Same(obj["series"], old["series"]))
            ValidateSeries(obj, errors);
        foreach (var field in Unchanging)
        {
            if (TreeEquality.Same(obj[field], old[field]))
                continue;
            errors.Invalid(FieldPath.Of(field == "reportingComponent" ? "reportingController" : field),
                InternalForm.ShowField(obj, "Event", field), FieldErrorWriting.Immutable);
        }
    }

    private static bool IsStrict(WriteContext context) => context.Resource.Resource.Group.Length > 0;

    private static void ValidateAlways(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var @namespace = obj.Object("metadata").Word("namespace");
        var involved = obj.Object("involvedObject").Word("namespace");
        var path = FieldPath.Of("involvedObject").Child("namespace");
        if (!HasTime(obj, "eventTime"))
        {
            if (involved.Length == 0 ? @namespace is not ("" or "default") : @namespace != involved)
                errors.Invalid(path, involved, "does not match event.namespace");
        }
        else
        {
            if (involved.Length == 0 && @namespace is not ("default" or "kube-system"))
                errors.Invalid(path, involved, "does not match event.namespace");
            var controller = obj.Word("reportingComponent");
            var at = FieldPath.Of(IsStrict(context) ? "reportingController" : "reportingComponent");
            if (controller.Length == 0)
                errors.Required(at);
            errors.InvalidEach(at, controller, NameFormats.QualifiedName(controller));
            ValidateText(obj, "reportingInstance", errors);
            ValidateText(obj, "action", errors);
            ValidateText(obj, "reason", errors);
            if (FieldChecks.Bytes(obj.Word("message")) > MaxNoteLength)
                errors.Invalid(FieldPath.Of("message"), "", $"can have at most {MaxNoteLength} characters");
        }
        errors.InvalidEach(FieldPath.Of("namespace"), @namespace, NameFormats.DnsSubdomain(@namespace));
    }

    private static void ValidateText(JsonObject obj, string field, FieldErrors errors)
    {
        var text = obj.Word(field);
        if (text.Length == 0)
            errors.Required(FieldPath.Of(field));
        if (FieldChecks.Bytes(text) > MaxLength)
            errors.Invalid(FieldPath.Of(field), "", $"can have at most {MaxLength} characters");
    }

    private static void ValidateSeries(JsonObject obj, FieldErrors errors)
    {
        if (obj.Object("series") is not { } series)
            return;
        if ((series.Integer("count") ?? 0) < 2)
            errors.Invalid(FieldPath.Of("series.count"), "", "should be at least 2");
        if (!HasTime(series, "lastObservedTime"))
            errors.Required(FieldPath.Of("series.lastObservedTime"));
    }

    private static bool HasTime(JsonObject obj, string field) => !string.IsNullOrEmpty(obj.Text(field));
}
