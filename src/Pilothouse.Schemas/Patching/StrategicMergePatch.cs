using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Strategic merge patch: a merge patch that knows from the schema which lists merge, and by which key. Directives in the
/// patch say more: <c>$patch</c> (replace, delete), <c>$retainKeys</c>, <c>$setElementOrder/…</c>,
/// <c>$deleteFromPrimitiveList/…</c>.
/// </summary>
/// <remarks>
/// Order of a merged list: elements of the patch in its order (or that of $setElementOrder), with the others put in where
/// the old list had them. Failures have upstream's texts and codes, its 500s too.
/// </remarks>
public static class StrategicMergePatch
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string ElementOrder = "$setElementOrder";
    private const string DeletePrimitives = "$deleteFromPrimitiveList";

    /// <summary>Applies a patch to an object's JSON in the served version. Both trees are used up.</summary>
    public static Outcome<JsonObject> Apply(JsonObject document, JsonObject patch, SchemaType type) => Merge(document, patch, type);

    private static Outcome<JsonObject> Merge(JsonObject original, JsonObject patch, SchemaType? type)
    {
        if (patch.TryGetPropertyValue(Directive, out var directive))
        {
            switch (directive.AsText())
            {
                case "replace":
                    patch.Remove(Directive);
                    return patch;
                case "delete":
                    return new JsonObject();
                default:
                    return BadDirective(directive, patch);
            }
        }
        if (ApplyRetainKeys(original, patch) is { } badKeys)
            return badKeys;
        var orders = patch.Where(entry => entry.Key.StartsWith(ElementOrder, StringComparison.Ordinal)).ToArray();
        patch.RemoveAll([.. orders.Select(entry => entry.Key)]);
        foreach (var (key, order) in orders)
        {
            if (MergeOrdered(key, order, original, patch, type) is { } badOrder)
                return badOrder;
        }
        // Emptied, so that what is in it can be put elsewhere.
        var changes = patch.ToArray();
        patch.Clear();
        original.RemoveAll([.. changes.Where(change => change.Value is null).Select(change => FieldOf(change.Key))]);
        foreach (var (name, change) in changes)
        {
            if (MergeField(name, change, original, type) is { } failure)
                return failure;
        }
        return original;
    }

    /// <summary>The field that a change without a value takes away.</summary>
    private static string FieldOf(string name) => TryListName(name, DeletePrimitives, out var list) ? list : name;

    private static Status? MergeField(string name, JsonNode? change, JsonObject original, SchemaType? type)
    {
        var deletes = name.StartsWith(DeletePrimitives, StringComparison.Ordinal);
        var key = name;
        if (deletes)
        {
            if (!TryListName(name, DeletePrimitives, out key))
                return Status.BadRequest("invalid patch format of primitive list");
        }
        if (change is null)
            return null;
        if (!original.TryGetPropertyValue(key, out var current) || GoValue.TypeOf(current) != GoValue.TypeOf(change))
        {
            if (deletes)
                return null;
            DiscardNulls(change);
            if (RemoveDirectives(change))
                original[key] = change;
            else
                original.Remove(key);
            return null;
        }
        if (change is not (JsonObject or JsonArray))
        {
            original[key] = change;
            return null;
        }
        if (!Lookup(type, key).TryGet(out var field, out var unknown))
            return unknown;
        if (change is JsonObject changes)
        {
            if (field.Strategy == "replace")
            {
                original[key] = changes;
                return null;
            }
            if (!Merge((JsonObject)current!, changes, field.Type).TryGet(out var merged, out var failure))
                return failure;
            if (!ReferenceEquals(merged, current))
                original[key] = merged;
            return null;
        }
        var (old, items) = (Take((JsonArray)current!), Take((JsonArray)change));
        if (!MergeLists(old, items, field, deletes).TryGet(out var list, out var refused))
            return refused;
        original[key] = ToArray(list);
        return null;
    }

    /// <summary>Drops from the object what the patch does not name as kept: how a union's old member goes away.</summary>
    private static Status? ApplyRetainKeys(JsonObject original, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(RetainKeys, out var node))
            return null;
        patch.Remove(RetainKeys);
        if (node is not JsonArray list)
            return Status.BadRequest("invalid patch format of retainKeys");
        var kept = list.Select(n => n.AsText()).ToHashSet();
        foreach (var (name, value) in patch)
        {
            if (value is not null && !name.StartsWith(DeletePrimitives, StringComparison.Ordinal)
                && !name.StartsWith(ElementOrder, StringComparison.Ordinal) && !kept.Contains(name))
            {
                return Status.BadRequest("invalid patch format of retainKeys");
            }
        }
        original.RemoveAll([.. original.Select(entry => entry.Key).Where(k => !kept.Contains(k))]);
        return null;
    }

    /// <summary>Merges a list together with the order that the patch asks for.</summary>
    private static Status? MergeOrdered(string directive, JsonNode? orderNode, JsonObject original, JsonObject patch, SchemaType? type)
    {
        if (orderNode is not JsonArray orderList)
            return BadType("[]interface {}", orderNode);
        if (!TryListName(directive, ElementOrder, out var key))
            return Status.BadRequest("invalid patch format of setElementOrder list");
        var hasOld = original.TryGetPropertyValue(key, out var oldNode);
        var hasNew = patch.TryGetPropertyValue(key, out var newNode);
        if (hasOld && oldNode is not JsonArray)
            return BadType("[]interface {}", oldNode);
        if (hasNew && newNode is not JsonArray)
            return BadType("[]interface {}", newNode);
        if (!Lookup(type, key).TryGet(out var field, out var unknown))
            return unknown;
        var order = Take(orderList);
        if (CheckOrder((newNode as JsonArray)?.ToList() ?? [], order, field.MergeKey) is { } mismatch)
            return mismatch;
        if (!hasOld && !hasNew)
            return null;

        List<JsonNode?> old = hasOld ? Take((JsonArray)oldNode!) : [];
        List<JsonNode?> items = hasNew ? Take((JsonArray)newNode!) : [];
        var merged = hasNew ? items : old;
        if (hasOld && hasNew)
        {
            if (!MergeLists([.. old], items, field, deletes: false).TryGet(out merged, out var refused))
                return refused;
        }
        // Elements were merged in place, so the old list still says where the others stood.
        if (ElementType(old, items) is { Succeeded: false } mixed)
            return mixed.Failure;
        if (!Arrange(merged, order, old, field.MergeKey).TryGet(out var arranged, out var failure))
            return failure;
        original[key] = ToArray(arranged);
        patch.Remove(key);
        return null;
    }

    /// <summary>The patch's elements must come in the order that it asks for, and all be named there.</summary>
    private static Status? CheckOrder(List<JsonNode?> items, List<JsonNode?> order, string mergeKey)
    {
        if (items.Count == 0 || order.Count == 0)
            return null;
        var checkedItems = items;
        if (mergeKey.Length > 0)
        {
            if (items.FirstOrDefault(n => n is not JsonObject) is { } wrong)
                return BadType("map[string]interface {}", wrong);
            checkedItems = [.. items.Where(n => n is JsonObject map && !map.ContainsKey(Directive))];
        }
        var next = 0;
        foreach (var place in order)
        {
            if (next == checkedItems.Count)
                break;
            if (!SameElement(checkedItems[next], place, mergeKey).TryGet(out var same, out var failure))
                return failure;
            if (same)
                next++;
        }
        return next == checkedItems.Count ? null
            : Unexpected($"The order in patch list:\n{GoValue.Print(items)}\n doesn't match {ElementOrder} list:\n{GoValue.Print(order)}\n");
    }

    private static Outcome<List<JsonNode?>> MergeLists(List<JsonNode?> old, List<JsonNode?> items, Field field, bool deletes)
    {
        if (field.Strategy != "merge")
            return items;
        if (old.Count == 0 && items.Count == 0)
            return old;
        if (!ElementType(old, items).TryGet(out var elementType, out var mixed))
            return mixed;
        List<JsonNode?> merged;
        var order = items;
        if (elementType != "map[string]interface {}")
        {
            if (deletes)
            {
                var doomed = items.Select(item => Identity(item, "")).ToHashSet(StringComparer.Ordinal);
                return old.Where(o => !doomed.Contains(Identity(o, ""))).ToList();
            }
            merged = [.. old];
            var there = old.Select(item => Identity(item, "")).ToHashSet(StringComparer.Ordinal);
            merged.AddRange(items.Where(item => there.Add(Identity(item, ""))));
        }
        else
        {
            if (field.MergeKey.Length == 0)
                return Unexpected("cannot merge lists without merge key for struct");
            if (ApplyElementDirectives(ref old, ref items, field.MergeKey) is { } badDirective)
                return badDirective;
            // Merging uses the elements up, so what orders them is kept apart.
            order = [.. items.Select(item => KeyOf((JsonObject)item!, field.MergeKey))];
            if (!MergeElements(old, items, field).TryGet(out merged!, out var failure))
                return failure;
        }
        return Arrange(merged, order, old, field.MergeKey);
    }

    /// <summary>Carries out what elements of the patch say with $patch, and takes them out of it.</summary>
    private static Status? ApplyElementDirectives(ref List<JsonNode?> old, ref List<JsonNode?> items, string mergeKey)
    {
        var plain = new List<JsonNode?>();
        var doomed = new HashSet<string>(StringComparer.Ordinal);
        var replace = false;
        foreach (var item in items)
        {
            var map = (JsonObject)item!;
            if (!map.TryGetPropertyValue(Directive, out var directive))
            {
                plain.Add(item);
                continue;
            }
            switch (directive.AsText())
            {
                case "delete":
                    if (!map.ContainsKey(mergeKey))
                        return NoMergeKey(map, mergeKey);
                    doomed.Add(Identity(map, mergeKey));
                    break;
                case "replace":
                    replace = true;
                    break;
                case "merge":
                    return Unexpected("merging lists cannot yet be specified in the patch");
                default:
                    return BadDirective(directive, map);
            }
        }
        old = replace ? plain : doomed.Count == 0 ? old
            : [.. old.Where(o => !(o is JsonObject m && m.ContainsKey(mergeKey) && doomed.Contains(Identity(m, mergeKey))))];
        items = replace ? [] : plain;
        return null;
    }

    private static JsonObject KeyOf(JsonObject element, string mergeKey) =>
        element.TryGetPropertyValue(mergeKey, out var value) ? new JsonObject { [mergeKey] = value?.DeepClone() } : element;

    private static Outcome<List<JsonNode?>> MergeElements(List<JsonNode?> old, List<JsonNode?> items, Field field)
    {
        var merged = new List<JsonNode?>(old);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < old.Count; i++)
        {
            if (old[i] is JsonObject known && known.ContainsKey(field.MergeKey))
                places.TryAdd(Identity(known, field.MergeKey), i);
        }
        foreach (var item in items)
        {
            var map = (JsonObject)item!;
            if (!map.ContainsKey(field.MergeKey))
                return NoMergeKey(map, field.MergeKey);
            var identity = Identity(map, field.MergeKey);
            if (!places.TryGetValue(identity, out var index))
            {
                places.Add(identity, merged.Count);
                merged.Add(map);
                continue;
            }
            if (!Merge((JsonObject)merged[index]!, map, field.Type?.Element).TryGet(out var result, out var failure))
                return failure;
            merged[index] = result;
        }
        return merged;
    }

    /// <summary>
    /// Puts a merged list in order: elements named in <paramref name="order"/> as they are there, the others as in
    /// <paramref name="old"/>, each of these before the first of the former that stood behind it.
    /// </summary>
    private static Outcome<List<JsonNode?>> Arrange(List<JsonNode?> merged, List<JsonNode?> order, List<JsonNode?> old, string mergeKey)
    {
        if (mergeKey.Length > 0)
        {
            foreach (var element in merged.Concat(order).Concat(old))
            {
                if (element is not JsonObject map)
                    return BadType("map[string]interface {}", element);
                if (!map.ContainsKey(mergeKey))
                    return NoMergeKey(map, mergeKey);
            }
        }
        var inOrder = Ranks(order, mergeKey);
        var inOld = Ranks(old, mergeKey);
        var named = merged.Where(m => inOrder.ContainsKey(Identity(m, mergeKey))).OrderBy(m => inOrder[Identity(m, mergeKey)]).ToList();
        var others = merged.Where(m => !inOrder.ContainsKey(Identity(m, mergeKey)))
            .OrderBy(m => inOld.GetValueOrDefault(Identity(m, mergeKey), int.MaxValue)).ToList();

        var arranged = new List<JsonNode?>(merged.Count);
        int i = 0, j = 0;
        while (i < others.Count || j < named.Count)
        {
            var takeOther = j == named.Count || (i < others.Count
                && inOld.TryGetValue(Identity(others[i], mergeKey), out var left)
                && inOld.TryGetValue(Identity(named[j], mergeKey), out var right)
                && left < right);
            arranged.Add(takeOther ? others[i++] : named[j++]);
        }
        return arranged;
    }

    private static Dictionary<string, int> Ranks(List<JsonNode?> list, string mergeKey)
    {
        var ranks = new Dictionary<string, int>(list.Count);
        for (var i = 0; i < list.Count; i++)
            ranks.TryAdd(Identity(list[i], mergeKey), i);
        return ranks;
    }

    /// <summary>By what an element is known among its siblings: its type and value, or those of its merge key.</summary>
    private static string Identity(JsonNode? element, string mergeKey)
    {
        var value = mergeKey.Length == 0 ? element : ((JsonObject)element!)[mergeKey];
        return $"{GoValue.TypeOf(value)} {GoValue.Print(value)}";
    }

    private static Outcome<bool> SameElement(JsonNode? left, JsonNode? right, string mergeKey)
    {
        if (mergeKey.Length == 0)
            return GoValue.AreEqual(left, right);
        foreach (var side in (ReadOnlySpan<JsonNode?>)[left, right])
        {
            if (side is not JsonObject map)
                return BadType("map[string]interface {}", side);
            if (!map.ContainsKey(mergeKey))
                return NoMergeKey(map, mergeKey);
        }
        return GoValue.AreEqual(left![mergeKey], right![mergeKey]);
    }

    /// <summary>All elements must be of one Go type, and none a list.</summary>
    private static Outcome<string> ElementType(List<JsonNode?> old, List<JsonNode?> items)
    {
        string? type = null;
        foreach (var element in old.Concat(items))
        {
            var current = GoValue.TypeOf(element);
            if (type is null && element is JsonArray)
                return Unexpected("lists of lists are not supported");
            if (type is not null && type != current)
                return Unexpected($"list element types are not identical: [{GoValue.Print(old)} {GoValue.Print(items)}]");
            type = current;
        }
        return type is null ? Unexpected("no elements in any of the given slices") : type;
    }

    private static Outcome<Field> Lookup(SchemaType? type, string name)
    {
        if (type?.Kind == SchemaKind.Map)
            return new Field(type.Element, "", "");
        if (type is null || !type.TryGetProperty(name, out var property))
            return Unexpected($"unable to find api field in struct {type?.GoName} for the json field {GoText.Quote(name)}");
        var strategy = property.PatchStrategy.Split(',').FirstOrDefault(s => s != "retainKeys") ?? "";
        return new Field(property.Type, strategy, property.PatchMergeKey);
    }

    private static bool TryListName(string name, string prefix, out string listName)
    {
        listName = name.Length > prefix.Length && name[prefix.Length] == '/' ? name[(prefix.Length + 1)..] : "";
        return listName.Length > 0;
    }

    private static void DiscardNulls(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            map.RemoveAll([.. map.Where(field => field.Value is null).Select(field => field.Key)]);
            foreach (var (_, value) in map)
                DiscardNulls(value);
        }
        else if (node is JsonArray list)
        {
            foreach (var element in list)
                DiscardNulls(element);
        }
    }

    /// <summary>Takes out of a new value what speaks to the merge; false when the value itself does.</summary>
    private static bool RemoveDirectives(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            if (map.ContainsKey(Directive))
                return false;
            map.RemoveAll([.. map.Where(field => !RemoveDirectives(field.Value)).Select(field => field.Key)]);
        }
        else if (node is JsonArray list)
        {
            list.RemoveAll(element => !RemoveDirectives(element));
        }
        return true;
    }

    /// <summary>Takes the elements out of a list, so that they can be put into another.</summary>
    private static List<JsonNode?> Take(JsonArray list)
    {
        var elements = list.ToList();
        list.Clear();
        return elements;
    }

    private static JsonArray ToArray(List<JsonNode?> elements) => [.. elements];

    private static Status BadDirective(JsonNode? directive, JsonObject map) =>
        Unexpected($"unknown patch type: {GoValue.Print(directive)} in map: {GoValue.Print(map)}");

    private static Status NoMergeKey(JsonObject map, string key) =>
        Unexpected($"map: {GoValue.Print(map)} does not contain declared merge key: {key}");

    private static Status BadType(string expected, JsonNode? actual) =>
        Unexpected($"expected a {expected}, but received a {GoValue.TypeOf(actual)}");

    /// <summary>Upstream answers these with a bare 500.</summary>
    private static Status Unexpected(string message) => new() { Code = 500, Message = message };

    private readonly record struct Field(SchemaType? Type, string Strategy, string MergeKey);
}
