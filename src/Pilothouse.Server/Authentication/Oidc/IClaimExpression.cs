using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>A compiled expression over claims or over a user.</summary>
public interface IClaimExpression
{
    /// <summary>As it was written.</summary>
    string Text { get; }

    /// <summary>Its value as JSON; null for CEL's null. A failure's message says why there is none.</summary>
    Outcome<JsonNode?> Evaluate(JsonObject variable);
}
