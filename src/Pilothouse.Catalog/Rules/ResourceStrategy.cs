using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// A kind's own rules, applied by the registry around what is common to all kinds. All trees are of the stored version, in
/// normal form, defaulted. This class is the rule for kinds that have none of their own: status is written only through the
/// status subresource, and generation counts changes outside metadata and status.
/// </summary>
/// <remarks>
/// The registry calls, on create: <see cref="BeginAsync"/>, <see cref="PrepareForCreate"/>, metadata validation with
/// <see cref="NameRule"/>, <see cref="Validate"/>, <see cref="Warn"/>, then validating admission and the store. On update the same with
/// <see cref="PrepareForUpdate"/> and <see cref="ValidateUpdate"/>. On delete: <see cref="CheckDelete"/>,
/// <see cref="DeletionGracePeriod"/>; an object that has to stay for a while (finalizers, a grace period, or
/// <see cref="HoldsDeletion"/>) is marked and <see cref="PrepareForDeletion"/> edits it; one that left the store, by a delete
/// or by the update that took its last finalizer, is told to <see cref="DeletedAsync"/>.
/// </remarks>
public class ResourceStrategy
{
    /// <summary>What objects of the kind may be called.</summary>
    public virtual NameRule NameRule => NameRule.DnsSubdomain;

    /// <summary>The kind has a status that only its subresource writes.</summary>
    public virtual bool HasStatus => false;

    /// <summary>metadata.generation is kept: 1 on creation, one more with each change outside metadata and status.</summary>
    public virtual bool KeepsGeneration => false;

    /// <summary>PUT of a name that does not exist creates it (Lease, Event …).</summary>
    public virtual bool AllowsCreateOnUpdate => false;

    /// <summary>PUT without a resourceVersion is taken as "whatever it is now".</summary>
    public virtual bool AllowsUnconditionalUpdate => true;

    /// <summary>A delete that says nothing of dependents leaves them alone, for good old times' sake (Job, ReplicationController).</summary>
    public virtual bool OrphansDependentsByDefault => false;

    /// <summary>Something may depend on the objects: what a delete says of that means nothing otherwise (Event).</summary>
    public virtual bool HasDependents => true;

    /// <summary>A warning for a delete that says nothing of dependents; empty for none.</summary>
    public virtual string UndecidedDeletionWarning => "";

    /// <summary>Makes an object ready to be created: drops what clients may not set, fills in what the server decides.</summary>
    public virtual void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        if (HasStatus)
            obj.Remove("status");
        if (KeepsGeneration)
            ObjectMetadata.Of(obj).Generation = 1;
    }

    /// <summary>Makes a new state ready: carries over from the old one what this endpoint may not change.</summary>
    /// <param name="context">The request; its subresource says through which endpoint.</param>
    /// <param name="obj">The new state, edited in place.</param>
    /// <param name="old">The state in the store; not edited.</param>
    public virtual void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        // Nobody but the server counts generations, whether the kind keeps them or not.
        var generation = new ObjectMetadata(old.Object("metadata") ?? []).Generation;
        ObjectMetadata.Of(obj).Generation = generation;
        if (context.Subresource == "status")
        {
            foreach (var name in obj.Select(p => p.Key).Union(old.Select(p => p.Key)).ToList())
            {
                if (name is not ("status" or "metadata" or "kind" or "apiVersion"))
                    Carry(name, obj, old);
            }
            return;
        }
        if (HasStatus)
            Carry("status", obj, old);
        if (KeepsGeneration && IsNewGeneration(obj, old))
            ObjectMetadata.Of(obj).Generation = generation + 1;
    }

    /// <summary>Whether a change makes a new generation: one outside metadata and status does.</summary>
    protected virtual bool IsNewGeneration(JsonObject obj, JsonObject old)
    {
        foreach (var (name, value) in obj)
        {
            if (name is not ("metadata" or "status") && !TreeEquality.Same(value, old[name]))
                return true;
        }
        foreach (var (name, value) in old)
        {
            if (name is not ("metadata" or "status") && !obj.ContainsKey(name) && !TreeEquality.Same(null, value))
                return true;
        }
        return false;
    }

    /// <summary>Checks a new object beyond its schema and metadata.</summary>
    public virtual void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
    }

    /// <summary>Checks a change beyond schema and metadata; <see cref="Validate"/> is not called besides.</summary>
    public virtual void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors) =>
        Validate(context, obj, errors);

    /// <summary>
    /// Adds to <see cref="WriteContext.Warnings"/> what a client should know of an object that is valid; called after the checks,
    /// and only when they found nothing.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="obj">The new state.</param>
    /// <param name="old">The old one; null for a create.</param>
    public virtual void Warn(WriteContext context, JsonObject obj, JsonObject? old)
    {
    }

    /// <summary>
    /// Reserves what the object needs elsewhere in the store, and writes it into the object; the first step of a write, before
    /// PrepareFor…, so that a refusal here comes before those of validation. Null for nothing to reserve, the rule for all
    /// but services. Whoever calls this must keep or release the reservation when it knows what became of the write, and
    /// release it before trying again.
    /// </summary>
    /// <param name="context">The request. With <see cref="WriteContext.DryRun"/> nothing is taken for good.</param>
    /// <param name="obj">The new state, edited in place.</param>
    /// <param name="old">The state in the store; null for a create.</param>
    /// <param name="cancellationToken">The request's end.</param>
    public virtual ValueTask<Outcome<WriteReservation?>> BeginAsync(
        WriteContext context, JsonObject obj, JsonObject? old, CancellationToken cancellationToken) =>
        new(default(Outcome<WriteReservation?>));

    /// <summary>Refuses a deletion for the kind's own reasons; null lets it pass.</summary>
    public virtual Status? CheckDelete(WriteContext context, JsonObject obj) => null;

    /// <summary>Beside finalizers and grace: whether a deleted object has to stay (a namespace with spec.finalizers).</summary>
    public virtual bool HoldsDeletion(JsonObject obj) => false;

    /// <summary>The first deletion only marks the object; a later one deletes it when nothing holds it (namespaces).</summary>
    public virtual bool MarksBeforeDeletion => false;

    /// <summary>The delete that only marks the object settles what becomes of its dependents; else the one that follows does (Namespace).</summary>
    public virtual bool MarkSettlesDependents => false;

    /// <summary>Edits an object that has just been marked with a deletionTimestamp (a namespace's phase).</summary>
    public virtual void PrepareForDeletion(WriteContext context, JsonObject obj)
    {
    }

    /// <summary>The object is gone from the store: gives back what it had reserved. Not called on a dry run.</summary>
    public virtual ValueTask DeletedAsync(WriteContext context, JsonObject obj, CancellationToken cancellationToken) => default;

    /// <summary>
    /// How long a deletion waits for whoever runs the object: null for "delete at once", which is the rule for all but pods.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="obj">The object that is to go.</param>
    /// <param name="requested">What the client asked for; null when it did not say.</param>
    public virtual TimeSpan? DeletionGracePeriod(WriteContext context, JsonObject obj, TimeSpan? requested) => null;

    /// <summary>Copies fields of metadata from the old state: endpoints that write status only leave these alone.</summary>
    protected static void CarryMetadata(JsonObject obj, JsonObject old, params ReadOnlySpan<string> names)
    {
        var oldMetadata = old.Object("metadata") ?? [];
        foreach (var name in names)
            Carry(name, ObjectMetadata.Of(obj).Json, oldMetadata);
    }

    /// <summary>Copies a field from the old state, or removes it when the old one has none.</summary>
    protected static void Carry(string name, JsonObject obj, JsonObject old)
    {
        if (old.TryGetPropertyValue(name, out var value) && value is not null)
            obj[name] = value.DeepClone();
        else
            obj.Remove(name);
    }
}
