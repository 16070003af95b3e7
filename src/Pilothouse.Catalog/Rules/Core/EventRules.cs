using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Events, in both groups: made and repeated by machines, so names are hardly checked and PUT creates.</summary>
internal sealed class EventRules : KindRules
{
    public override bool AllowsCreateOnUpdate => true;

    public override NameRule NameRule => NameRule.PathSegment;
}
