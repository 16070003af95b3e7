using System.Text.Json;

namespace Pilothouse.Catalog;

/// <summary>Texts that cells of several kinds share.</summary>
internal static class TableText
{
    public const string None = "<none>";
    public const string Unset = "<unset>";
    public const string Unknown = "<unknown>";

    /// <summary>The names and the images of a pod template's containers.</summary>
    public static void Containers(JsonElement podSpec, TableRow row)
    {
        row.Text(string.Join(',', Fields(podSpec, "containers", "name")));
        row.Text(string.Join(',', Fields(podSpec, "containers", "image")));
    }

    /// <summary>A map of labels as <c>a=b,c=d</c>.</summary>
    public static string Labels(JsonElement owner, string name)
    {
        var text = string.Join(',', owner.Entries(name).Select(label => $"{label.Name}={label.Value.Text()}"));
        return text.Length == 0 ? None : text;
    }

    /// <summary>A label selector object as its text form; empty for none.</summary>
    public static string Selector(JsonElement selector)
    {
        var terms = selector.Entries("matchLabels").Select(label => (Key: label.Name, Text: $"{label.Name}={label.Value.Text()}")).ToList();
        foreach (var expression in selector.Items("matchExpressions"))
        {
            var key = expression.Text("key");
            var values = string.Join(',', expression.Texts("values").Order(StringComparer.Ordinal));
            terms.Add((key, expression.Text("operator") switch
            {
                "In" => $"{key} in ({values})",
                "NotIn" => $"{key} notin ({values})",
                "Exists" => key,
                _ => "!" + key,
            }));
        }
        return string.Join(',', terms.OrderBy(term => term.Key, StringComparer.Ordinal).Select(term => term.Text));
    }

    /// <summary>A label selector's text, or <c>&lt;none&gt;</c>.</summary>
    public static string SelectorOrNone(JsonElement selector) => Selector(selector) is { Length: > 0 } text ? text : None;

    /// <summary>The first of several, and how many more there are.</summary>
    public static string FirstOf(IEnumerable<string> values, string whenEmpty, int max = 3)
    {
        var all = values.ToList();
        return all.Count > max ? $"{string.Join(',', all.Take(max))} + {all.Count - max} more..."
            : all.Count > 0 && string.Join(',', all) is { Length: > 0 } text ? text
            : whenEmpty;
    }

    /// <summary>A field of each element of a list.</summary>
    public static IEnumerable<string> Fields(JsonElement owner, string list, string field)
    {
        foreach (var item in owner.Items(list))
            yield return item.Text(field);
    }

    /// <summary>Addresses of a load balancer, each once, sorted.</summary>
    public static string LoadBalancer(JsonElement status)
    {
        var addresses = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var ingress in status.Get("loadBalancer").Items("ingress"))
        {
            var address = ingress.Text("ip") is { Length: > 0 } ip ? ip : ingress.Text("hostname");
            if (address.Length > 0)
                addresses.Add(address);
        }
        return string.Join(',', addresses);
    }

    /// <summary>Access modes of a volume, short: <c>RWO,RWX</c>.</summary>
    public static string AccessModes(JsonElement owner)
    {
        var modes = owner.Texts("accessModes").ToHashSet();
        (string Mode, string Short)[] known =
            [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
        return string.Join(',', known.Where(k => modes.Contains(k.Mode)).Select(k => k.Short));
    }
}
