using System.Globalization;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Daemon sets count the states of their template apart, in an annotation since the field for it went.</summary>
internal sealed class DaemonSetRules : WorkloadRules
{
    private const string TemplateGeneration = "deprecated.daemonset.template.generation";

    public override void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        base.PrepareForCreate(context, obj);
        Put(obj, 1);
    }

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource == "status")
            return;
        var noted = old.Object("metadata").Object("annotations")?.Text(TemplateGeneration);
        var count = long.TryParse(noted, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        Put(obj, TreeEquality.Same(obj.Object("spec")?["template"], old.Object("spec")?["template"]) ? count : count + 1);
    }

    private static void Put(JsonObject obj, long count) =>
        ObjectMetadata.Of(obj).Json.ObjectOrNew("annotations")[TemplateGeneration] = count.ToString(CultureInfo.InvariantCulture);
}
