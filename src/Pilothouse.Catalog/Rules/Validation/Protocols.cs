namespace Pilothouse.Catalog;

/// <summary>The protocols of ports.</summary>
internal static class Protocols
{
    public static readonly string[] Sorted = ["SCTP", "TCP", "UDP"];

    public static bool IsSupported(string protocol) => protocol is "TCP" or "UDP" or "SCTP";
}
