using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>What a list or a watch shows of a collection: a namespace, one name, selectors. Immutable.</summary>
public sealed class ObjectFilter
{
    private readonly FieldCondition[] _fields;
    private readonly Func<IReadOnlyList<string>, bool>? _labels;

    internal ObjectFilter(
        StoredResource resource, string @namespace, string name, Func<IReadOnlyList<string>, bool>? labels, params FieldCondition[] fields)
    {
        _labels = labels;
        Namespace = @namespace;
        Name = name;
        // A single name or namespace in the field selector narrows like the one in the path.
        foreach (var condition in fields.Where(f => !f.Negated))
        {
            if (condition.Field == FieldCondition.Name && Name.Length == 0)
                Name = condition.Value;
            if (condition.Field == FieldCondition.Namespace && Namespace.Length == 0 && resource.Namespaced)
                Namespace = condition.Value;
        }
        HasSelectors = labels is not null || fields.Length > 0;
        _fields = [.. fields.Where(f => f.Negated || f.Field is not (FieldCondition.Name or FieldCondition.Namespace)
            || f.Value != (f.Field == FieldCondition.Name ? Name : Namespace))];
        ExactKey = Name.Length > 0 && (Namespace.Length > 0 || !resource.Namespaced) ? resource.Key(Namespace, Name) : null;
        foreach (var condition in _fields)
        {
            if (condition is { Negated: false, Field: >= 0 })
            {
                ExactField = (condition.Field, condition.Value);
                break;
            }
        }
    }

    /// <summary>Reads the selectors against what the resource knows.</summary>
    /// <param name="resource">The resource in the version the client speaks: its field labels count.</param>
    /// <param name="namespace">The path's namespace; empty for all.</param>
    /// <param name="name">The path's name; empty for all.</param>
    /// <param name="options">The selectors.</param>
    public static Outcome<ObjectFilter> Create(ServedResource resource, string @namespace, string name, ListOptions options)
    {
        return new ObjectFilter(resource.Stored, @namespace, name, null);
    }

    /// <summary>Empty for all.</summary>
    public string Namespace { get; }

    /// <summary>Empty for all.</summary>
    public string Name { get; }

    /// <summary>Something beside the path narrows it, so counts of what is left mean nothing.</summary>
    public bool HasSelectors { get; }

    /// <summary>The one key that can match; null when there may be several.</summary>
    internal string? ExactKey { get; }

    /// <summary>A field that must have a value exactly.</summary>
    internal (int Field, string Value)? ExactField { get; }

    public bool Matches(CachedObject obj)
    {
        if (Namespace.Length > 0 && !string.Equals(obj.Namespace, Namespace))
            return false;
        if (Name.Length > 0 && !string.Equals(obj.Name, Name))
            return false;
        foreach (var condition in _fields)
        {
            if (!condition.Matches(obj))
                return false;
        }
        return _labels is null || _labels(obj.Labels);
    }

    /// <summary>
    /// A change as it looks through this filter: an object that enters is added, one that leaves is deleted. False when
    /// nothing of it is seen.
    /// </summary>
    public bool TrySee(ObjectChange change, out WatchEvent seen)
    {
        var before = change.Previous is { } previous && Matches(previous);
        if (change.Current is { } current && Matches(current))
        {
            seen = new(before ? WatchEventType.Modified : WatchEventType.Added, current);
            return true;
        }
        seen = before ? new(WatchEventType.Deleted, change.Last) : default;
        return before;
    }
}
