using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>A mutating policy with one binding and one parameter, about to change a request.</summary>
internal sealed record PolicyInvocation(MutatingPolicy Policy, PolicyBinding Binding, MatchedResource Matched, JsonNode? Parameter)
{
    /// <summary>Tells invocations apart between the two turns of a request.</summary>
    public string Key
    {
        get
        {
            var metadata = (Parameter as JsonObject).Object("metadata");
            return $"{Policy.Name}/{Binding.Name}/{metadata?.Text("namespace")}/{metadata?.Text("name")}";
        }
    }
}
