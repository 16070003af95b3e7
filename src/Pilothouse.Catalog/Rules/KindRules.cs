using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Rules that can be said in a line, for kinds that need no more; those that do derive from it.</summary>
internal class KindRules : ResourceStrategy
{
    public bool Status { get; init; }

    public bool Generation { get; init; }

    public bool CreateOnUpdate { get; init; }

    /// <summary>PUT must name the state that it replaces.</summary>
    public bool Conditional { get; init; }

    public NameRule Names { get; init; } = NameRule.DnsSubdomain;

    /// <summary>The parts of metadata that the status endpoint does not write.</summary>
    public string[] KeptByStatus { get; init; } = [];

    public override bool HasStatus => Status;

    public override bool KeepsGeneration => Generation;

    public override bool AllowsCreateOnUpdate => CreateOnUpdate;

    public override bool AllowsUnconditionalUpdate => !Conditional;

    public override NameRule NameRule => Names;

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        if (context.Subresource == "status")
            CarryMetadata(obj, old, KeptByStatus);
    }

    /// <summary>RFC 3339 in seconds, as times in objects are written.</summary>
    internal static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
