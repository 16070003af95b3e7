namespace Pilothouse.Objects;

/// <summary>With which suffixes a quantity is written: the ones with which it was read.</summary>
public enum QuantityFormat
{
    /// <summary>n, u, m, none, k, M, G, T, P, E.</summary>
    DecimalSI,

    /// <summary>Ki, Mi, Gi, Ti, Pi, Ei.</summary>
    BinarySI,

    /// <summary>e3, e-6.</summary>
    DecimalExponent,
}
