using Pilothouse.Objects;

namespace Pilothouse.Server.Admission;

/// <summary>An ingress that names no class, by field or by the old annotation, gets the default one.</summary>
internal sealed class DefaultIngressClass : IMutatingAdmission
{
    private static readonly GroupResource Ingresses = new("networking.k8s.io", "ingresses");
    private static readonly GroupResource Classes = new("networking.k8s.io", "ingressclasses");

    public string Name => "DefaultIngressClass";

    public bool Handles(AdmissionRequest request) => Plugin.Is(request, Ingresses, AdmissionOperation.Create);

    public ValueTask<Status?> MutateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var ingress = request.Object!;
        var spec = ingress.ObjectOrNew("spec");
        if (spec.ContainsKey("ingressClassName")
            || ingress.Object("metadata").Object("annotations")?.ContainsKey("kubernetes.io/ingress.class") == true)
            return default;
        if (DefaultClass.Find(request.Context.Objects, Classes, "ingressclass.kubernetes.io/is-default-class") is { } found)
            spec["ingressClassName"] = found;
        return default;
    }
}
