using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Runs the admission plugins of a write, in order; the first refusal ends it.</summary>
public sealed class AdmissionChain(IReadOnlyList<IMutatingAdmission> mutating, IReadOnlyList<IValidatingAdmission> validating)
{
    private readonly IMutatingAdmission[] _mutating = [.. mutating];
    private readonly IValidatingAdmission[] _validating = [.. validating];

    /// <summary>Lets the plugins edit the new state; all of them twice, when one asks for it.</summary>
    public async ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (await MutateOnceAsync(request, cancellationToken) is { } refusal)
            return refusal;
        if (request.Reinvocation is not { Requested: true } again)
            return null;
        again.IsSecondTurn = true;
        return await MutateOnceAsync(request, cancellationToken);
    }

    /// <summary>Asks the plugins about the state that is about to be stored.</summary>
    public async ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (var plugin in _validating)
        {
            if (plugin.Handles(request) && await plugin.ValidateAsync(request, cancellationToken) is { } refusal)
                return refusal;
        }
        return null;
    }

    private async ValueTask<Status?> MutateOnceAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (var plugin in _mutating)
        {
            if (plugin.Handles(request) && await plugin.MutateAsync(request, cancellationToken) is { } refusal)
                return refusal;
        }
        return null;
    }
}
