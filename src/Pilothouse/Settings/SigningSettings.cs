namespace Pilothouse.Settings;

/// <summary>The authority that signs certificate signing requests.</summary>
/// <param name="CertificateFile">Its certificate.</param>
/// <param name="KeyFile">Its key.</param>
/// <param name="Longest">How long certificates last at most.</param>
internal sealed record SigningSettings(string CertificateFile, string KeyFile, TimeSpan Longest);
