using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>An admission plugin that may refuse a write, after all have changed it and it was validated.</summary>
public interface IValidatingAdmission
{
    /// <summary>Upstream's name of the plugin, <c>NamespaceLifecycle</c>.</summary>
    string Name { get; }

    /// <summary>Asked once per request before anything else; must be cheap.</summary>
    bool Handles(AdmissionRequest request);

    /// <summary>Null lets it pass; a Status refuses the request. Must not edit anything.</summary>
    ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken);
}
