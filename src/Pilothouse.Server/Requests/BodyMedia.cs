namespace Pilothouse.Server.Requests;

/// <summary>How a request body is written.</summary>
internal enum BodyMedia
{
    Json,
    Yaml,
    Protobuf,
}
