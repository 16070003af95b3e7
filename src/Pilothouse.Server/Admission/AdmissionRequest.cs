using System.Text.Json.Nodes;
using Pilothouse.Catalog;

namespace Pilothouse.Server.Admission;

/// <summary>A write on its way to the store, as admission plugins see it: in the stored version, defaulted.</summary>
public sealed class AdmissionRequest
{
    public required AdmissionOperation Operation { get; init; }

    /// <summary>The resource, subresource, user, time, warnings, and other objects.</summary>
    public required WriteContext Context { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Empty while a name is still to be generated.</summary>
    public required string Name { get; init; }

    /// <summary>The new state; mutating plugins edit it. Null for a delete.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The state in the store; null for a create.</summary>
    public JsonObject? OldObject { get; init; }

    /// <summary>The same write, of an object whose name is known now.</summary>
    public AdmissionRequest Named(string name) => name == Name ? this
        : new() { Operation = Operation, Context = Context, Namespace = Namespace, Name = name, Object = Object, OldObject = OldObject };
}
