using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>
/// What objects of one resource use of a quota. This one counts objects, <c>count/widgets.example.com</c>; resources of which
/// more is measured derive from it.
/// </summary>
internal class QuotaEvaluator(params string[] names)
{
    /// <summary>The object count of a resource.</summary>
    public static string CountName(GroupResource resource) => "count/" + resource;

    /// <summary>Whether a write can use more than before.</summary>
    public virtual bool Handles(AdmissionRequest request) =>
        request.Operation == AdmissionOperation.Create && request.Context.Subresource.Length == 0;

    /// <summary>Whether a quota's resource of this name is used by these objects.</summary>
    public virtual bool IsMeasured(string name) => names.AsSpan().Contains(name);

    /// <summary>Whether an object is in a scope that a quota has.</summary>
    public virtual bool IsInScope(JsonObject obj, QuotaScope scope) => false;

    /// <summary>What an object must say itself because a quota limits it; null when it does.</summary>
    /// <param name="obj">The object.</param>
    /// <param name="limited">The quota's resources that are measured here.</param>
    public virtual string? FindMissing(JsonObject obj, IEnumerable<string> limited) => null;

    /// <summary>What an object uses.</summary>
    public virtual ResourceAmounts Measure(AdmissionRequest request, JsonObject obj)
    {
        var amounts = new ResourceAmounts();
        foreach (var name in names)
            amounts[name] = Quantity.Of(1);
        return amounts;
    }
}
