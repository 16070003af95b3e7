namespace Pilothouse.Server.Admission;

/// <summary>What is configured for admission cannot be used: the server does not start.</summary>
public sealed class AdmissionConfigurationException : Exception
{
    public AdmissionConfigurationException()
    {
    }

    public AdmissionConfigurationException(string message)
        : base(message)
    {
    }

    public AdmissionConfigurationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
