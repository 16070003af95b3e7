namespace Pilothouse.Schemas;

/// <summary>Paths of fields in which <c>*</c> stands for any element, as a tree; what lies below the end of one is taken in whole.</summary>
public sealed class FieldPattern
{
    private readonly Dictionary<string, FieldPattern> _next = new(StringComparer.Ordinal);

    private FieldPattern()
    {
    }

    internal bool IsEnd => _next.Count == 0;

    public static FieldPattern Of(params ReadOnlySpan<string[]> paths)
    {
        var root = new FieldPattern();
        foreach (var path in paths)
        {
            var at = root;
            foreach (var step in path)
            {
                if (!at._next.TryGetValue(step, out var next))
                    at._next.Add(step, next = new());
                at = next;
            }
        }
        return root;
    }

    internal FieldPattern? Next(PathElement element) =>
        _next.TryGetValue("*", out var any) ? any
        : element.FieldName is { } name && _next.TryGetValue(name, out var next) ? next
        : null;
}
