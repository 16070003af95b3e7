using System.Text.Json.Nodes;

namespace Pilothouse.Catalog;

/// <summary>Nodes: a kubelet registers itself with its status in one write; later writes go to either the one or the other.</summary>
internal sealed class NodeRules : KindRules
{
    public override bool HasStatus => true;

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
    }
}
