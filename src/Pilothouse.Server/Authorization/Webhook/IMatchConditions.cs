using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authorization.Webhook;

/// <summary>Says which requests a webhook is asked about.</summary>
public interface IMatchConditions
{
    /// <summary>Whether all conditions hold. A failure when one cannot be evaluated and none is false.</summary>
    /// <param name="review">The SubjectAccessReview, v1, that the webhook would be asked.</param>
    Outcome<bool> Matches(JsonObject review);
}
