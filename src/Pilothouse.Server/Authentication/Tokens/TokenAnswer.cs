using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>What is known of a token: its user, that it is wrong, or nothing.</summary>
public sealed record TokenAnswer
{
    private TokenAnswer()
    {
    }

    /// <summary>Not of a kind that was asked for.</summary>
    public static TokenAnswer Unknown { get; } = new();

    /// <summary>Null when nobody is known.</summary>
    public UserInfo? User { get; private init; }

    /// <summary>Those of the audiences asked for that the token is meant for.</summary>
    public IReadOnlyList<string> Audiences { get; private init; } = [];

    /// <summary>Why it is refused; empty for no reason but that it is unknown.</summary>
    public IReadOnlyList<string> Errors { get; private init; } = [];

    /// <summary>Texts that whoever shows this token is to be warned with.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// Asked before the answer is given again from a cache: false when what it was made from has changed. Must be cheap. Null
    /// for an answer that holds as long as caches keep it.
    /// </summary>
    public Func<bool>? IsStillTrue { get; init; }

    /// <summary>When the answer ends in any case: the token's expiry.</summary>
    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;

    public static TokenAnswer Of(UserInfo user, IReadOnlyList<string> audiences) => new() { User = user, Audiences = audiences };

    public static TokenAnswer Refused(params IReadOnlyList<string> errors) => new() { Errors = errors };
}
