using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// Refuses roles and bindings by which somebody would come to more rights, for themselves or others, than they hold.
/// </summary>
public interface IEscalationGuard
{
    /// <summary>Asked before every write of a role or a binding of either scope.</summary>
    /// <param name="context">Who writes, and through which path.</param>
    /// <param name="obj">The new state.</param>
    /// <param name="old">The state in the store; null for a create.</param>
    /// <param name="cancellationToken">The request's end.</param>
    /// <returns>The refusal; null lets it pass.</returns>
    ValueTask<Status?> CheckAsync(WriteContext context, JsonObject obj, JsonObject? old, CancellationToken cancellationToken);
}
