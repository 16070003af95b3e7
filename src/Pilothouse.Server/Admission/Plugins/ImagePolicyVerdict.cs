namespace Pilothouse.Server.Admission;

/// <summary>What the image policy webhook says of some images.</summary>
internal sealed record ImagePolicyVerdict(bool Allowed, string Reason, IReadOnlyDictionary<string, string> Annotations);
