using System.Text.Json.Nodes;

namespace Pilothouse.Server.Admission;

/// <summary>One rule of the Pod Security Standards, as it was since some version.</summary>
/// <param name="Id">Rules are evaluated in the order of their ids, baseline first; a newer one of the same id replaces it.</param>
/// <param name="Level">The level that it belongs to; restricted includes baseline.</param>
/// <param name="Since">The minor version in which it came.</param>
/// <param name="Evaluate">What it has against a pod, given its metadata and spec; null for nothing.</param>
internal sealed record PodSecurityCheck(
    string Id, PodSecurityLevel Level, int Since, Func<JsonObject, JsonObject, PodSecurityResult?> Evaluate)
{
    /// <summary>The baseline rule that this restricted one includes; empty for none.</summary>
    public string Overrides { get; init; } = "";
}
