using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Priority levels of flow control.</summary>
internal sealed class PriorityLevelRules : KindRules
{
    private const string RoundTripAnnotation = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";
    private const int MaxQueues = 10_000_000;

    /// <summary>How many bits of a hash a hand of queues may be dealt from.</summary>
    private const int MaxHashBits = 60;

    private static readonly FieldPath Limited = FieldPath.Spec.Child("limited");
    private static readonly FieldPath Response = Limited.Child("limitResponse");
    private static readonly FieldPath Queuing = Response.Child("queuing");

    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var metadata = obj.Object("metadata");
        var name = metadata.Word("name");
        if (metadata.Object("annotations")?.ContainsKey(RoundTripAnnotation) == true)
            errors.Forbidden(FieldPath.Metadata.Child("annotations"), $"annotation '{RoundTripAnnotation}' is forbidden");
        var spec = obj.Object("spec") ?? [];
        ValidateSpec(spec, name, errors);
        if (name == MandatoryObjects.Exempt)
        {
            // What the exempt level lends is the administrator's choice; nothing else is.
            if (spec.Word("type") != "Exempt" || spec.ContainsKey("limited"))
            {
                errors.Invalid(FieldPath.Spec, InternalForm.Show(spec, "PriorityLevelConfigurationSpec"),
                    $"spec of '{name}' except the 'spec.exempt' field must equal the fixed value");
            }
        }
        else if (name == MandatoryObjects.CatchAll && !TreeEquality.Same(spec, MandatoryObjects.CatchAllLevel))
        {
            errors.Invalid(FieldPath.Spec, InternalForm.Show(spec, "PriorityLevelConfigurationSpec"), $"spec of '{name}' must equal the fixed value");
        }
        FlowConditions.Validate(obj, errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (context.Subresource == "status")
            FlowConditions.Validate(obj, errors);
        else
            Validate(context, obj, errors);
    }

    private static void ValidateSpec(JsonObject spec, string name, FieldErrors errors)
    {
        var type = spec.Word("type");
        var (limited, exempt) = (spec.Object("limited"), spec.Object("exempt"));
        if (type == "Exempt" != (name == MandatoryObjects.Exempt))
            errors.Invalid(FieldPath.Spec.Child("type"), type, "must be 'Exempt' if and only if `name` is 'exempt'");
        switch (type)
        {
            case "Exempt":
                if (limited is not null)
                    errors.Forbidden(Limited, "must be nil if the type is not Limited");
                if (exempt is not null)
                {
                    ValidateShares(exempt, FieldPath.Spec.Child("exempt"), errors);
                    ValidateLendable(exempt, FieldPath.Spec.Child("exempt"), errors);
                }
                break;
            case "Limited":
                if (exempt is not null)
                    errors.Forbidden(FieldPath.Spec.Child("exempt"), "must be nil if the type is Limited");
                if (limited is null)
                    errors.Required(Limited, "must not be empty when type is Limited");
                else
                    ValidateLimited(limited, errors);
                break;
            default:
                errors.NotSupported(FieldPath.Spec.Child("type"), type, "Exempt", "Limited");
                break;
        }
    }

    private static void ValidateLimited(JsonObject limited, FieldErrors errors)
    {
        ValidateShares(limited, Limited, errors);
        var response = limited.Object("limitResponse") ?? [];
        var queuing = response.Object("queuing");
        switch (response.Word("type"))
        {
            case "Reject":
                if (queuing is not null)
                    errors.Forbidden(Queuing, "must be nil if limited.limitResponse.type is not Limited");
                break;
            case "Queue" when queuing is null:
                errors.Required(Queuing, "must not be empty if limited.limitResponse.type is Limited");
                break;
            case "Queue":
                ValidateQueuing(queuing, errors);
                break;
            case var type:
                errors.NotSupported(Response.Child("type"), type, "Queue", "Reject");
                break;
        }
        ValidateLendable(limited, Limited, errors);
        if (limited.Integer("borrowingLimitPercent") is < 0 and { } borrowing)
            errors.Invalid(Limited.Child("borrowingLimitPercent"), borrowing, "if specified, must be a non-negative integer");
    }

    private static void ValidateQueuing(JsonObject queuing, FieldErrors errors)
    {
        var (length, queues, hand) = (queuing.Integer("queueLengthLimit") ?? 0, queuing.Integer("queues") ?? 0, queuing.Integer("handSize") ?? 0);
        if (length <= 0)
            errors.Invalid(Queuing.Child("queueLengthLimit"), length, "must be positive");
        if (queues <= 0)
            errors.Invalid(Queuing.Child("queues"), queues, "must be positive");
        else if (queues > MaxQueues)
            errors.Invalid(Queuing.Child("queues"), queues, $"must not be greater than {MaxQueues}");
        if (hand <= 0)
        {
            errors.Invalid(Queuing.Child("handSize"), hand, "must be positive");
        }
        else if (hand > queues)
        {
            errors.Invalid(Queuing.Child("handSize"), hand, $"should not be greater than queues ({queues})");
        }
        else if (Math.Ceiling(Math.Log2(queues) * hand) > MaxHashBits)
        {
            errors.Invalid(Queuing.Child("handSize"), hand,
                $"required entropy bits of deckSize {queues} and handSize {hand} should not be greater than {MaxHashBits}");
        }
    }

    private static void ValidateShares(JsonObject level, FieldPath path, FieldErrors errors)
    {
        if (level.Integer("nominalConcurrencyShares") is < 0 and { } shares)
            errors.Invalid(path.Child("nominalConcurrencyShares"), shares, "must be a non-negative integer");
    }

    private static void ValidateLendable(JsonObject level, FieldPath path, FieldErrors errors)
    {
        if (level.Integer("lendablePercent") is < 0 or > 100)
            errors.Invalid(path.Child("lendablePercent"), level.Integer("lendablePercent"), "must be between 0 and 100, inclusive");
    }
}
