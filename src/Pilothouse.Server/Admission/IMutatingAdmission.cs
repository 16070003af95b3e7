using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>An admission plugin that may change a write, before it is validated. Plugins run in order.</summary>
public interface IMutatingAdmission
{
    /// <summary>Upstream's name of the plugin, <c>ServiceAccount</c>: what flags enable and refusals name.</summary>
    string Name { get; }

    /// <summary>Asked once per request before anything else; must be cheap.</summary>
    bool Handles(AdmissionRequest request);

    /// <summary>Edits the new state. Null lets it pass; a Status refuses the request.</summary>
    ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken);
}
