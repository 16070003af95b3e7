namespace Pilothouse.Objects;

/// <summary>A document that is well-formed and cannot be read; never leaves <see cref="Yaml"/>. The message is the client's.</summary>
internal sealed class YamlContentException(string message) : Exception(message);
