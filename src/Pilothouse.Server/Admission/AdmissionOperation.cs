namespace Pilothouse.Server.Admission;

/// <summary>What a write does.</summary>
[Flags]
public enum AdmissionOperation
{
    None = 0,
    Create = 1,
    Update = 2,
    Delete = 4,

    /// <summary>A subresource that is opened rather than written: exec, attach, proxy.</summary>
    Connect = 8,
}
