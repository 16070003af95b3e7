using System.Text.Json.Nodes;

namespace Pilothouse.Catalog;

/// <summary>Turns an object of one version into another, in place, without losing anything (what does not fit goes to annotations).</summary>
public interface IVersionConverter
{
    /// <summary>From the served version to the stored one; sets apiVersion and kind.</summary>
    void ToStored(JsonObject obj);

    /// <summary>From the stored version to the served one; sets apiVersion and kind.</summary>
    void ToServed(JsonObject obj);
}
