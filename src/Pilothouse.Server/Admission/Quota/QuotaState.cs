using System.Runtime.CompilerServices;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Admission;

/// <summary>A ResourceQuota at one revision, read for evaluation. Immutable.</summary>
internal sealed class QuotaState
{
    // Every write in a namespace evaluates its quotas: each state of one is parsed once, and forgotten with its bytes.
    private static readonly ConditionalWeakTable<CachedObject, QuotaState> Parsed = [];

    private QuotaState(CachedObject stored)
    {
        Stored = stored;
        var json = Plugin.Parse(stored.Json);
        Hard = ResourceAmounts.Of(json.At("status", "hard"));
        Used = ResourceAmounts.Of(json.At("status", "used"));
        Scopes =
        [
            .. json.Elements("spec", "scopes").Select(s => new QuotaScope(s.GetString() ?? "", "Exists", [])),
            .. json.Elements("spec", "scopeSelector", "matchExpressions").Select(QuotaScope.Read),
        ];
    }

    public CachedObject Stored { get; }

    public string Name => Stored.Name;

    /// <summary>The limits, as the status has them: a quota whose status nobody has set limits nothing.</summary>
    public ResourceAmounts Hard { get; }

    public ResourceAmounts Used { get; }

    /// <summary>An object must be in all of them to count.</summary>
    public IReadOnlyList<QuotaScope> Scopes { get; }

    public static QuotaState Of(CachedObject stored) => Parsed.GetValue(stored, static s => new(s));
}
