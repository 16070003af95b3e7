using Pilothouse.Cel;

namespace Pilothouse.Server.Admission;

/// <summary>What the expressions of one policy binding may still spend together. One thread at a time.</summary>
internal sealed class CostBudget(ulong left)
{
    private ulong _left = left;

    /// <summary>Somebody asked for more than was left; nothing else is to be evaluated.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>The budget of a policy's expressions.</summary>
    public static CostBudget OfPolicy() => new(CelLimits.RuntimeBudget);

    public void Spend(ulong cost)
    {
        if (cost > _left)
            Exhausted = true;
        else
            _left -= cost;
    }
}
