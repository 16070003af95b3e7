using Pilothouse.Objects;

namespace Pilothouse.Server.Requests;

/// <summary>Stands in for the reader of YAML; goes when that lands.</summary>
internal static class Yaml
{
    public static Outcome<byte[]> ToJson(ReadOnlySpan<byte> yaml) =>
        Status.BadRequest($"YAML is not read yet ({yaml.Length} bytes)");
}
