using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>
/// A kind's own rules, applied by the registry around what is common to all kinds. All trees are of the stored version, in
/// normal form, defaulted. This class is the rule for kinds that have none of their own: status is written only through the
/// status subresource, and generation counts changes outside metadata and status.
/// </summary>
public class ResourceStrategy
{
    /// <summary>The kind has a status that only its subresource writes.</summary>
    public virtual bool HasStatus => false;

    /// <summary>metadata.generation is kept: 1 on creation, one more with each change outside metadata and status.</summary>
    public virtual bool KeepsGeneration => false;

    /// <summary>PUT of a name that does not exist creates it (Lease, Event …).</summary>
    public virtual bool AllowsCreateOnUpdate => false;

    /// <summary>PUT without a resourceVersion is taken as "whatever it is now".</summary>
    public virtual bool AllowsUnconditionalUpdate => true;

    /// <summary>Makes an object ready to be created: drops what clients may not set, fills in what the server decides.</summary>
    public virtual void PrepareForCreate(WriteContext context, JsonObject obj)
    {
        if (HasStatus)
            obj.Remove("status");
    }

    /// <summary>Makes a new state ready: carries over from the old one what this endpoint may not change.</summary>
    /// <param name="context">The request; its subresource says through which endpoint.</param>
    /// <param name="obj">The new state, edited in place.</param>
    /// <param name="old">The state in the store; not edited.</param>
    public virtual void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        if (HasStatus && context.Subresource != "status")
            Carry("status", obj, old);
        if (context.Subresource == "status")
        {
            foreach (var name in obj.Select(p => p.Key).Union(old.Select(p => p.Key)).ToList())
            {
                if (name is not ("status" or "metadata" or "kind" or "apiVersion"))
                    Carry(name, obj, old);
            }
        }
    }

    /// <summary>Checks a new object beyond its schema and metadata.</summary>
    public virtual void Validate(WriteContext context, JsonObject obj, FieldErrors errors)
    {
    }

    /// <summary>Checks a change beyond schema and metadata; <see cref="Validate"/> is not called besides.</summary>
    public virtual void ValidateUpdate(WriteContext context, JsonObject obj, JsonObject old, FieldErrors errors) =>
        Validate(context, obj, errors);

    /// <summary>
    /// How long a deletion waits for whoever runs the object: null for "delete at once", which is the rule for all but pods.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="obj">The object that is to go.</param>
    /// <param name="requested">What the client asked for; null when it did not say.</param>
    public virtual TimeSpan? DeletionGracePeriod(WriteContext context, JsonObject obj, TimeSpan? requested) => null;

    /// <summary>Copies a field from the old state, or removes it when the old one has none.</summary>
    protected static void Carry(string name, JsonObject obj, JsonObject old)
    {
        if (old.TryGetPropertyValue(name, out var value) && value is not null)
            obj[name] = value.DeepClone();
        else
            obj.Remove(name);
    }
}
