using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Pilothouse.Schemas;

/// <summary>
/// What is different between two states of an object, field by field, as ownership sees it: an atomic list or map is one field,
/// and so is a list's element that stands in it more than once.
/// </summary>
/// <param name="Removed">Fields that are not in the second.</param>
/// <param name="Modified">Fields whose values differ.</param>
/// <param name="Added">Fields that are not in the first.</param>
public sealed record ObjectComparison(FieldSet Removed, FieldSet Modified, FieldSet Added)
{
    private const int RemovedSet = 0;
    private const int ModifiedSet = 1;
    private const int AddedSet = 2;

    /// <summary>Lists up to here are looked through faster than indexed.</summary>
    private const int ShortList = 16;

    public bool IsSame => Removed.IsEmpty && Modified.IsEmpty && Added.IsEmpty;

    /// <summary>What came or changed.</summary>
    public FieldSet Written => field ??= Modified.Union(Added);

    /// <summary>Compares two trees in normal form. managedFields themselves are left out.</summary>
    public static ObjectComparison OfObjects(JsonObject first, JsonObject second, SchemaType type) =>
        Of(first, second, type, TreeForm.Normal);

    /// <summary>Compares two trees as they are written.</summary>
    public static ObjectComparison OfDocuments(JsonObject first, JsonObject second, SchemaType type) =>
        Of(first, second, type, TreeForm.Plain);

    public ObjectComparison Filtered(FieldFilter? filter) =>
        filter is null || IsSame ? this : new(filter.Apply(Removed), filter.Apply(Modified), filter.Apply(Added));

    private static ObjectComparison Of(JsonObject first, JsonObject second, SchemaType type, TreeForm form)
    {
        var walk = new Walk(form);
        walk.Compare(ApplyValue.Is(first), ApplyValue.Is(second), new(type));
        var sets = walk.Sets;
        return new(sets.Take(RemovedSet), sets.Take(ModifiedSet), sets.Take(AddedSet));
    }

    private readonly struct Walk(TreeForm form)
    {
        public FieldSetBuilder Sets { get; } = new(3);

        public void Compare(ApplyValue left, ApplyValue right, ApplyType type)
        {
            if (Visit(left, right, type))
                return;
            if (!left.Exists)
                Sets.Insert(AddedSet);
            else if (!right.Exists)
                Sets.Insert(RemovedSet);
        }

        /// <summary>Compares what is inside; true when the value is a leaf, and all has been said of it.</summary>
        private bool Visit(ApplyValue left, ApplyValue right, ApplyType type)
        {
            switch (type.Form)
            {
                case MergeForm.Map:
                    var (l, r) = (left.Node as JsonObject, right.Node as JsonObject);
                    var nothing = (l is null || ApplyValue.IsEmptyMap(l, type.Type, form)) && (r is null || ApplyValue.IsEmptyMap(r, type.Type, form));
                    if (nothing || type.IsAtomic)
                        return Leaf(left, right, type);
                    if (type.Type.Kind == SchemaKind.Struct)
                        VisitStruct(l, r, type.Type);
                    else
                        VisitMap(l, r, type.Entry!.Value);
                    return false;
                case MergeForm.List:
                    var (first, second) = (left.Node as JsonArray, right.Node as JsonArray);
                    if (type.IsAtomic || first is null or { Count: 0 } && second is null or { Count: 0 })
                        return Leaf(left, right, type);
                    VisitList(first, second, type);
                    return false;
                case MergeForm.Deduced:
                    return VisitDeduced(left, right, type);
                default:
                    return Leaf(left, right, type);
            }
        }

        private bool Leaf(ApplyValue left, ApplyValue right, ApplyType type)
        {
            if (!left.Exists)
                Sets.Insert(AddedSet);
            else if (!right.Exists)
                Sets.Insert(RemovedSet);
            else if (!ValueEquality.Same(left.Node, right.Node, type.Type, form))
                Sets.Insert(ModifiedSet);
            return true;
        }

        /// <summary>Without a schema the values say what they are; where they disagree, the old one goes and the new one comes.</summary>
        private bool VisitDeduced(ApplyValue left, ApplyValue right, ApplyType type)
        {
            var (l, r) = (left.Node as JsonObject, right.Node as JsonObject);
            var maps = (l is not null || left.Node is null) && (r is not null || right.Node is null);
            if (!maps)
            {
                var leaf = Leaf(left, right, type);
                if (r is { Count: > 0 } || l is { Count: > 0 })
                    VisitMap(l, r, type.Entry!.Value);
                return leaf;
            }
            if (l is null or { Count: 0 } && r is null or { Count: 0 })
                return Leaf(left, right, type);
            VisitMap(l, r, type.Entry!.Value);
            return false;
        }

        private void VisitStruct(JsonObject? left, JsonObject? right, SchemaType type)
        {
            foreach (var property in type.Properties.ByName)
            {
                if (property.IsManagedFields)
                    continue;
                var (l, r) = (ApplyValue.Of(left, property, form), ApplyValue.Of(right, property, form));
                if (!l.Exists && !r.Exists)
                    continue;
                // Most fields of most updates are the same scalar: nothing is said of them.
                if (l.Exists && r.Exists && property.Type.Element is null && new ApplyType(property.Type, property).Form == MergeForm.Scalar
                    && ValueEquality.Same(l.Node, r.Node))
                {
                    continue;
                }
                Sets.Push(property.PathElement);
                Compare(l, r, new(property.Type, property));
                Sets.Pop();
            }
            if (type.Element is { } others)
                VisitOthers(left, right, type, new(others));
        }

        /// <summary>Fields that no property names, in objects that keep them.</summary>
        private void VisitOthers(JsonObject? left, JsonObject? right, SchemaType type, ApplyType entry)
        {
            foreach (var (key, value) in left ?? [])
            {
                if (type.Properties.IndexOf(key) < 0)
                    VisitEntry(key, ApplyValue.Is(value), right is not null && right.TryGetPropertyValue(key, out var other) ? ApplyValue.Is(other) : ApplyValue.None, entry);
            }
            foreach (var (key, value) in right ?? [])
            {
                if (type.Properties.IndexOf(key) < 0 && left?.ContainsKey(key) != true)
                    VisitEntry(key, ApplyValue.None, ApplyValue.Is(value), entry);
            }
        }

        private void VisitMap(JsonObject? left, JsonObject? right, ApplyType entry)
        {
            if (left is not null)
            {
                foreach (var (key, value) in left)
                {
                    var other = right is not null && right.TryGetPropertyValue(key, out var found) ? ApplyValue.Is(found) : ApplyValue.None;
                    VisitEntry(key, ApplyValue.Is(value), other, entry);
                }
            }
            if (right is null)
                return;
            foreach (var (key, value) in right)
            {
                if (left is null || !left.ContainsKey(key))
                    VisitEntry(key, ApplyValue.None, ApplyValue.Is(value), entry);
            }
        }

        private void VisitEntry(string key, ApplyValue left, ApplyValue right, ApplyType entry)
        {
            if (entry.Form == MergeForm.Scalar && left.Exists && right.Exists && ValueEquality.Same(left.Node, right.Node))
                return;
            Sets.Push(PathElement.Field(key));
            Compare(left, right, entry);
            Sets.Pop();
        }

        private void VisitList(JsonArray? left, JsonArray? right, ApplyType type)
        {
            if (left is null || right is null)
            {
                if (TryVisitSide(left ?? right!, type, isLeft: right is null))
                    return;
            }
            else if (ValueEquality.Same(left, right, type.Type, form))
            {
                // Most lists of most updates.
                return;
            }
            var firsts = Index(left, type);
            var seconds = Index(right, type);
            foreach (var (element, values) in firsts)
                VisitElement(element, values, seconds.GetValueOrDefault(element), type);
            foreach (var (element, values) in seconds)
            {
                if (!firsts.ContainsKey(element))
                    VisitElement(element, default, values, type);
            }
        }

        /// <summary>Visits a short list that is on one side only, without an index; false when an element stands in it twice.</summary>
        private bool TryVisitSide(JsonArray list, ApplyType type, bool isLeft)
        {
            if (list.Count > ShortList)
                return false;
            var elements = new PathElement?[list.Count];
            for (var i = 0; i < elements.Length; i++)
            {
                var element = elements[i] = type.ElementOf(list[i], form, out _);
                if (element is not null && Array.IndexOf(elements, element, 0, i) >= 0)
                    return false;
            }
            for (var i = 0; i < elements.Length; i++)
            {
                // An element without a name was refused when it came in.
                if (elements[i] is not { } element)
                    continue;
                Sets.Push(element);
                var value = ApplyValue.Is(list[i]);
                Compare(isLeft ? value : ApplyValue.None, isLeft ? ApplyValue.None : value, type.Item!.Value);
                Sets.Pop();
            }
            return true;
        }

        private Dictionary<PathElement, Occurrences> Index(JsonArray? list, ApplyType type)
        {
            var index = new Dictionary<PathElement, Occurrences>(list?.Count ?? 0);
            foreach (var item in list ?? [])
            {
                // An element without a name was refused when it came in.
                if (type.ElementOf(item, form, out _) is not { } element)
                    continue;
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(index, element, out _);
                known = known.With(item);
            }
            return index;
        }

        private void VisitElement(PathElement element, Occurrences left, Occurrences right, ApplyType type)
        {
            var item = type.Item!.Value;
            var (l, r) = (left.Count, right.Count);
            Sets.Push(element);
            if (l <= 1 && r <= 1)
            {
                Compare(left.First, right.First, item);
            }
            else if (l >= 2 && r >= 2)
            {
                var same = l == r;
                for (var i = 0; same && i < l; i++)
                    same = ValueEquality.Same(left[i], right[i], item.Type, form);
                if (!same)
                    Sets.Insert(ModifiedSet);
            }
            else if (l >= 2)
            {
                if (r > 0)
                    Compare(ApplyValue.None, right.First, item);
                Sets.Insert(RemovedSet);
            }
            else
            {
                if (l > 0)
                    Compare(left.First, ApplyValue.None, item);
                Sets.Insert(AddedSet);
            }
            Sets.Pop();
        }
    }

    /// <summary>The elements of a list that have one name: one mostly.</summary>
    private readonly record struct Occurrences(int Count, JsonNode? One, List<JsonNode?>? More)
    {
        public ApplyValue First => Count == 0 ? ApplyValue.None : ApplyValue.Is(One);

        public JsonNode? this[int index] => index == 0 ? One : More![index - 1];

        public Occurrences With(JsonNode? item)
        {
            if (Count == 0)
                return new(1, item, null);
            var more = More ?? [];
            more.Add(item);
            return new(Count + 1, One, more);
        }
    }
}
