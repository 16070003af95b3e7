using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>What fields of ports have in common.</summary>
internal static class PortFields
{
    /// <summary>The protocol must be there, and one of the known ones.</summary>
    public static void ValidateProtocol(JsonObject port, FieldPath path, FieldErrors errors)
    {
        var protocol = port.Word("protocol");
        if (protocol.Length == 0)
            errors.Required(path.Child("protocol"));
        else if (!Protocols.IsSupported(protocol))
            errors.NotSupported(path.Child("protocol"), protocol, Protocols.Sorted);
    }

    /// <summary>A port by its number, or by the name that a container gives it.</summary>
    public static void ValidateNumberOrName(JsonNode? port, FieldPath path, FieldErrors errors)
    {
        if (port.AsText() is { } name)
            errors.InvalidEach(path, name, FieldFormats.PortName(name));
        else if ((port.AsInteger() ?? 0) is var number)
            errors.InvalidEach(path, number, FieldFormats.PortNumber(number));
    }
}
