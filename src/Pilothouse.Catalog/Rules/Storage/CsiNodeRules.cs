using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Which storage drivers a node has. A driver's entry can be taken away and made anew, but not changed, save for how much it takes.</summary>
internal sealed class CsiNodeRules : KindRules
{
    private const int MaxNodeIdLength = 256;

    private static readonly FieldPath Drivers = FieldPath.Spec.Child("drivers");

    public override bool AllowsUnconditionalUpdate => false;

    public override void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
        var names = new HashSet<string>();
        foreach (var (i, driver) in obj.Object("spec").Items("drivers"))
            ValidateDriver(driver, names, Drivers.Index(i), errors);
    }

    public override void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        Validate(context, obj, errors);
        foreach (var (_, before) in old.Object("spec").Items("drivers"))
        {
            foreach (var (_, now) in obj.Object("spec").Items("drivers"))
            {
                if (before.Word("name") != now.Word("name"))
                    continue;
                var (kept, given) = ((JsonObject)before.DeepClone(), (JsonObject)now.DeepClone());
                kept.Remove("allocatable");
                given.Remove("allocatable");
                if (!TreeEquality.Same(given, kept))
                    errors.Invalid(Drivers, InternalForm.Show(given, "CSINodeDriver", kept), FieldErrorWriting.Immutable);
            }
        }
    }

    private static void ValidateDriver(JsonObject driver, HashSet<string> names, FieldPath path, FieldErrors errors)
    {
        var name = driver.Word("name");
        errors.CheckDriverName(name, path.Child("name"));
        var id = driver.Word("nodeID");
        if (id.Length == 0)
            errors.Required(path.Child("nodeID"));
        if (FieldChecks.Bytes(id) > MaxNodeIdLength)
            errors.Invalid(path.Child("nodeID"), id, $"must be {MaxNodeIdLength} characters or less");
        if (driver.Object("allocatable") is { } allocatable)
            errors.CheckNotNegative(allocatable, path.Child("allocatable"), "count");
        if (!names.Add(name))
            errors.Duplicate(path.Child("name"), name);
        var keys = new HashSet<string>();
        foreach (var (_, key) in driver.Words("topologyKeys"))
        {
            if (key.Length == 0)
                errors.Required(path);
            if (!keys.Add(key))
                errors.Duplicate(path, key);
            errors.InvalidEach(path, key, NameFormats.QualifiedName(key));
        }
    }
}
