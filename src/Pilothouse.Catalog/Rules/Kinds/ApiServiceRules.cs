using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>API services.</summary>
internal sealed class ApiServiceRules : KindRules
{
    public ApiServiceRules() => KeptByStatus = ["labels", "annotations", "finalizers", "ownerReferences"];

    public override bool HasStatus => true;

    public override bool AllowsUnconditionalUpdate => false;

    public override NameRule NameRule => NameRule.PathSegment;
}
