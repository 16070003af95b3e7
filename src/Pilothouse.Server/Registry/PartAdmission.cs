using System.Text.Json.Nodes;
using Pilothouse.Objects;
using Pilothouse.Server.Admission;

namespace Pilothouse.Server.Registry;

/// <summary>
/// Admission of writes through subresources that speak a kind of their own: a Scale is admitted, not the object that it scales;
/// a Binding or an Eviction, not the pod.
/// </summary>
internal sealed class PartAdmission(ObjectRegistry registry, ResourceRequest request)
{
    private AdmissionRequest? _admission;

    /// <summary>Lets plugins edit what was sent.</summary>
    /// <param name="operation">Create for what is posted, connect for what is opened, update otherwise.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="part">What was sent, of the subresource's kind, defaulted; plugins edit it.</param>
    /// <param name="old">Its state before, of the same kind; null for a create.</param>
    /// <param name="dryRun">Nothing is stored.</param>
    public ValueTask<Status?> MutateAsync(AdmissionOperation operation, string name, JsonObject part, JsonObject? old, bool dryRun)
    {
        _admission = new()
        {
            Operation = operation,
            Context = registry.ContextOf(request, dryRun),
            Namespace = request.Namespace,
            Name = name,
            Object = part,
            OldObject = old,
            Api = request.Api,
        };
        return registry.Admission.MutateAsync(_admission, request.Api.Cancellation);
    }

    /// <summary>Asks plugins about what the last <see cref="MutateAsync"/> left.</summary>
    public ValueTask<Status?> ValidateAsync() => registry.Admission.ValidateAsync(_admission!, request.Api.Cancellation);

    /// <summary>Both steps, for a subresource that is opened: exec, attach, portforward, proxy.</summary>
    public async ValueTask<Status?> ConnectAsync() =>
        await MutateAsync(AdmissionOperation.Connect, request.Name, ConnectOptions.Of(request), null, dryRun: false) ?? await ValidateAsync();

    /// <summary>Both steps, for what is posted and has no rules between them.</summary>
    public async ValueTask<Status?> AdmitAsync(string name, JsonObject part, bool dryRun) =>
        await MutateAsync(AdmissionOperation.Create, name, part, null, dryRun) ?? await ValidateAsync();
}
