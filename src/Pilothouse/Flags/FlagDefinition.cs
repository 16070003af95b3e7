namespace Pilothouse.Flags;

/// <summary>One flag: a line of flags.txt.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Type">What its value looks like.</param>
/// <param name="Default">As it would be written on the command line.</param>
/// <param name="Group">The heading under which upstream's help has it.</param>
/// <param name="Help">Empty when the flag has no effect yet.</param>
internal sealed record FlagDefinition(string Name, FlagType Type, string Default, string Group, string Help)
{
    public bool HasEffect => Help.Length > 0;
}
