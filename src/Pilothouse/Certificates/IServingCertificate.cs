namespace Pilothouse.Certificates;

/// <summary>A certificate that the server shows, which may be another one later.</summary>
internal interface IServingCertificate
{
    /// <summary>The one to show now. Called for every handshake; must be cheap when nothing changed.</summary>
    KeyPair Current(DateTimeOffset now);
}
