using Pilothouse.Cel;

namespace Pilothouse.Catalog;

/// <summary>How large the parts of <c>self</c> and <c>oldSelf</c> may be by their declaration.</summary>
public sealed class DeclaredSizes(SchemaDeclaration self) : ICelSizes
{
    public CelRange? Estimate(IReadOnlyList<string> path, CelType type)
    {
        if (path.Count == 0)
            return null;
        var at = self;
        for (var i = 1; i < path.Count; i++)
        {
            var next = path[i] switch
            {
                "@items" or "@values" => at.Element,
                "@keys" => at.Key,
                var name => at.TryGetField(name, out var field) ? field : null,
            };
            if (next is null)
                return null;
            at = next;
        }
        return new(0, (ulong)at.MostElements);
    }
}
