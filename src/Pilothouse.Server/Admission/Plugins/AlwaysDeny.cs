using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Refuses every write; for tests of what comes of that.</summary>
internal sealed class AlwaysDeny : IMutatingAdmission, IValidatingAdmission
{
    public string Name => "AlwaysDeny";

    public bool Handles(AdmissionRequest request) => true;

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken) => new(Refuse(request));

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) => new(Refuse(request));

    private static Status Refuse(AdmissionRequest request) =>
        AdmissionPlugins.Forbidden(request, "admission control is denying all modifications");
}
