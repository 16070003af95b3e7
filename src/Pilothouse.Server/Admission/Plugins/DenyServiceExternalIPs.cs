using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>Services get no further external IPs: whoever may create a service could otherwise take over others' addresses (CVE-2020-8554).</summary>
internal sealed class DenyServiceExternalIPs : IValidatingAdmission
{
    private static readonly GroupResource Services = new("", "services");

    public string Name => "DenyServiceExternalIPs";

    public bool Handles(AdmissionRequest request) =>
        Plugin.Is(request, Services, AdmissionOperation.Create | AdmissionOperation.Update);

    public ValueTask<Status?> ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var known = Addresses(request.OldObject).ToHashSet();
        return Addresses(request.Object).All(known.Contains) ? default
            : new(AdmissionPlugins.Forbidden(request, "Use of external IPs is denied by admission control"));
    }

    private static IEnumerable<string> Addresses(JsonObject? service) =>
        service.Object("spec").List("externalIPs")?.Select(a => a.AsText() ?? "") ?? [];
}
