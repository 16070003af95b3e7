using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>How much room a storage class has where: only the amount changes.</summary>
internal sealed class CsiStorageCapacityRules : KindRules
{
    private static readonly FieldPath Topology = FieldPath.Of("nodeTopology");

    public override bool AllowsUnconditionalUpdate => false;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors) => Validate(obj, false, errors);

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        var wrong = new FieldErrors();
        LabelSelectorValidation.Validate(old.Object("nodeTopology"), Topology, wrong);
        Validate(obj, wrong.Any, errors);
        if (!TreeEquality.Same(obj["nodeTopology"], old["nodeTopology"]))
            errors.Invalid(Topology, GoJsonText.Show(obj["nodeTopology"]), FieldErrorWriting.Immutable);
        errors.CheckSame(obj.Word("storageClassName"), old.Word("storageClassName"), FieldPath.Of("storageClassName"));
    }

    public override void Warn(WriteContext context, JsonObject obj, JsonObject? old) =>
        NodeLabels.WarnOfSelector(obj.Object("nodeTopology"), "nodeTopology", context.Warnings);

    private static void Validate(JsonObject obj, bool allowInvalidValues, FieldErrors errors)
    {
        LabelSelectorValidation.Validate(obj.Object("nodeTopology"), Topology, errors, allowInvalidValues);
        var name = obj.Word("storageClassName");
        errors.InvalidEach(FieldPath.Of("storageClassName"), name, NameFormats.DnsSubdomain(name));
        if (obj.ContainsKey("capacity"))
            QuantityValidation.ValidateNotNegative(QuantityValidation.Read(obj["capacity"]), FieldPath.Of("capacity"), errors);
    }
}
