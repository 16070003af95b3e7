namespace Pilothouse.Server.Auditing;

/// <summary>What a body says of the object that it is; empty where it does not.</summary>
public readonly record struct AuditedObject(string Namespace, string Name, string Uid, string ResourceVersion);
