using System.Diagnostics.CodeAnalysis;

namespace Pilothouse.Objects;

/// <summary>
/// Either a value, or the <see cref="Status"/> that the client is to get instead. What a client can cause is returned like
/// this; exceptions are for bugs and broken I/O.
/// </summary>
/// <example><code>if (!outcome.TryGet(out var value, out var failure)) return failure;</code></example>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Status? failure)
    {
        _value = value;
        Failure = failure;
    }

    /// <summary>The failure, or null when there is a value.</summary>
    public Status? Failure { get; }

    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    /// <exception cref="InvalidOperationException">It failed.</exception>
    public T Value => Failure is null ? _value! : throw new InvalidOperationException(Failure.Message);

    public bool TryGet([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Status? failure)
    {
        value = _value;
        failure = Failure;
        return failure is null;
    }

#pragma warning disable CA2225 // the named alternatives would say the same
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Status failure) => new(default, failure);
#pragma warning restore CA2225
}
