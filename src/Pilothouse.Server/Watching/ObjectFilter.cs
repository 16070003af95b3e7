using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>What a list or a watch shows of a collection: a namespace, one name, selectors. Immutable.</summary>
public sealed class ObjectFilter
{
    private readonly FieldCondition[] _fields;
    private readonly LabelSelector? _labels;

    internal ObjectFilter(
        StoredResource resource, string @namespace, string name, LabelSelector? labels, params FieldCondition[] fields)
    {
        _labels = labels;
        // The path of a namespace object names it twice: as a namespace, too.
        Namespace = resource.Namespaced ? @namespace : "";
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
        if (options is { LabelSelector: "", FieldSelector: "" })
            return new ObjectFilter(resource.Stored, @namespace, name, null);
        if (!LabelSelector.Parse(options.LabelSelector).TryGet(out var labels, out var failure)
            || !FieldSelector.Parse(options.FieldSelector).TryGet(out var fields, out failure))
        {
            return failure;
        }
        var conditions = new FieldCondition[fields.Requirements.Count];
        for (var i = 0; i < conditions.Length; i++)
        {
            var requirement = fields.Requirements[i];
            if (FieldOf(resource, requirement.Field) is not { } field)
                return Status.BadRequest(resource.UnknownFieldLabelMessage.Replace("{label}", requirement.Field, StringComparison.Ordinal));
            conditions[i] = new(field, requirement.Value, requirement.Negated);
        }
        if (name.Length > 0 && conditions.Length > 0 && fields.RequiredValue("metadata.name") != name)
            return Status.BadRequest("fieldSelector metadata.name doesn't match requested name");
        return new ObjectFilter(resource.Stored, @namespace, name, labels.IsEverything ? null : labels, conditions);
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
        return _labels is null || _labels.Matches(obj.Labels);
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

    private static int? FieldOf(ServedResource resource, string label)
    {
        if (label == "metadata.name")
            return FieldCondition.Name;
        if (label == "metadata.namespace" && resource.SelectsNamespace)
            return FieldCondition.Namespace;
        if (!resource.FieldLabels.TryGetValue(label, out var wanted))
            return null;
        var known = resource.Stored.Collection.SelectableFields;
        for (var i = 0; i < known.Count; i++)
        {
            if (ReferenceEquals(known[i], wanted))
                return i;
        }
        throw new InvalidOperationException($"{resource} selects by {label}, which {resource.Stored} does not keep.");
    }
}
