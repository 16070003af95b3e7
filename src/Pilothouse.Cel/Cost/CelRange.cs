namespace Pilothouse.Cel;

/// <summary>The least and the most that a size or a cost may be. Sums and products stop at the largest number.</summary>
public readonly record struct CelRange(ulong Min, ulong Max)
{
    /// <summary>Nothing is known.</summary>
    public static CelRange Unknown { get; } = new(0, ulong.MaxValue);

    public static CelRange Exactly(ulong value) => new(value, value);

    /// <summary>Both, one after the other.</summary>
    public CelRange Plus(CelRange other) => new(Costs.Add(Min, other.Min), Costs.Add(Max, other.Max));

    public CelRange Times(CelRange other) => new(Costs.Multiply(Min, other.Min), Costs.Multiply(Max, other.Max));

    public CelRange Times(double factor) => new(Costs.Ceiling(Min, factor), Costs.Ceiling(Max, factor));

    /// <summary>One or the other.</summary>
    public CelRange Or(CelRange other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));
}
