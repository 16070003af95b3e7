using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Classes of ingresses: the controller of one never changes.</summary>
internal sealed class IngressClassRules : KindRules
{
    private const int MaxControllerLength = 250;

    private static readonly string[] Scopes = ["Cluster", "Namespace"];

    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var spec = obj.Object("spec") ?? [];
        var controller = spec.Word("controller");
        if (System.Text.Encoding.UTF8.GetByteCount(controller) > MaxControllerLength)
            errors.TooLong(FieldPath.Spec.Child("controller"), MaxControllerLength);
        DomainFields.DomainPrefixedPath(FieldPath.Spec.Child("controller"), controller, errors);
        if (spec.Object("parameters") is { } parameters)
            ValidateParameters(parameters, FieldPath.Spec.Child("parameters"), errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var controller = obj.Object("spec").Word("controller");
        if (controller != old.Object("spec").Word("controller"))
            errors.Invalid(FieldPath.Spec.Child("controller"), controller, FieldErrorWriting.Immutable);
        Validate(context, obj, errors);
    }

    private static void ValidateParameters(JsonObject parameters, FieldPath path, FieldErrors errors)
    {
        References.ValidateTyped(parameters, path, errors);
        var @namespace = parameters.Text("namespace");
        switch (parameters.Text("scope"))
        {
            case null:
                errors.Required(path.Child("scope"));
                break;
            case "Namespace" when @namespace is null:
                errors.Required(path.Child("namespace"), "`parameters.scope` is set to 'Namespace'");
                break;
            case "Namespace":
                errors.InvalidEach(path.Child("namespace"), @namespace, NameFormats.DnsLabel(@namespace));
                break;
            case "Cluster":
                if (@namespace is not null)
                    errors.Forbidden(path.Child("namespace"), "`parameters.scope` is set to 'Cluster'");
                break;
            case var scope:
                errors.NotSupported(path.Child("scope"), scope, Scopes);
                break;
        }
    }
}
