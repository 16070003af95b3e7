using System.Text.Json;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Quantities by the name of their resource (a ResourceList), sorted. Belongs to one request.</summary>
internal sealed class ResourceAmounts : SortedDictionary<string, Quantity>
{
    public ResourceAmounts()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>The quantities of a field of an object that is being written; none when it is absent.</summary>
    public static ResourceAmounts Of(JsonObject? quantities)
    {
        var amounts = new ResourceAmounts();
        foreach (var (name, value) in quantities ?? [])
        {
            if (value.AsText() is { } text && Quantity.TryParse(text, out var quantity) is null)
                amounts[name] = quantity;
        }
        return amounts;
    }

    /// <summary>The quantities of a field of a stored object.</summary>
    public static ResourceAmounts Of(JsonElement quantities)
    {
        var amounts = new ResourceAmounts();
        if (quantities.ValueKind != JsonValueKind.Object)
            return amounts;
        foreach (var property in quantities.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.String && Quantity.TryParse(property.Value.GetString(), out var quantity) is null)
                amounts[property.Name] = quantity;
        }
        return amounts;
    }

    public ResourceAmounts Add(ResourceAmounts others)
    {
        foreach (var (name, quantity) in others)
            this[name] = TryGetValue(name, out var mine) ? mine + quantity : quantity;
        return this;
    }

    /// <summary>Keeps the larger of both, resource by resource.</summary>
    public ResourceAmounts Max(ResourceAmounts others)
    {
        foreach (var (name, quantity) in others)
        {
            if (!TryGetValue(name, out var mine) || quantity > mine)
                this[name] = quantity;
        }
        return this;
    }

    public ResourceAmounts Copy() => new ResourceAmounts().Add(this);

    /// <summary>Those of the given names.</summary>
    public ResourceAmounts Only(IEnumerable<string> names)
    {
        var masked = new ResourceAmounts();
        foreach (var name in names)
        {
            if (TryGetValue(name, out var quantity))
                masked[name] = quantity;
        }
        return masked;
    }

    public bool IsSameAs(ResourceAmounts others) =>
        Count == others.Count && this.All(a => others.TryGetValue(a.Key, out var other) && other == a.Value);

    /// <summary>As a field of an object.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (name, quantity) in this)
            json[name] = quantity.ToString();
        return json;
    }

    /// <summary><c>cpu=1,memory=2Gi</c>.</summary>
    public override string ToString() => string.Join(',', this.Select(a => $"{a.Key}={a.Value}"));
}
