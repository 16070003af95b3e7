using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Conditions in CEL under which a webhook is called or a policy evaluated (KEP-3716). Compiled once, immutable.</summary>
public interface IMatchConditions
{
    /// <summary>
    /// Whether all hold: one that is false decides, even when others cannot be evaluated. A failure when none is false and
    /// some cannot be evaluated.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="matched">As which resource it is shown.</param>
    /// <param name="cancellationToken">The request's end.</param>
    ValueTask<Outcome<bool>> MatchAsync(AdmissionRequest request, MatchedResource matched, CancellationToken cancellationToken);
}
