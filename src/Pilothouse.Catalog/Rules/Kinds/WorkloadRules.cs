using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Kinds that run pods from a template.</summary>
internal class WorkloadRules : KindRules
{
    /// <summary>Annotations count as a change of what is wanted: the deployment controller reads some.</summary>
    public bool AnnotationsCount { get; init; }

    public override bool HasStatus => true;

    public override bool KeepsGeneration => true;

    protected override bool IsNewGeneration(JsonObject obj, JsonObject old) =>
        base.IsNewGeneration(obj, old)
        || (AnnotationsCount && !TreeEquality.Same(obj.Object("metadata").Object("annotations"), old.Object("metadata").Object("annotations")));
}
