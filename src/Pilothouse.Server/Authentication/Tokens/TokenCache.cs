using System.Collections.Concurrent;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>
/// Keeps answers for a while, by a hash of the token, and lets those who ask about the same token at the same time share one
/// look (upstream: cachedTokenAuthenticator). Answers that say when they stop being true are asked before they are given again.
/// </summary>
public sealed class TokenCache : ITokenAuthenticator
{
    /// <summary>Beyond this many tokens the older half is forgotten: some 10 MiB at most.</summary>
    private const int MaxEntries = 32 * 1024;

    /// <summary>For a look that several may wait for, and so no single caller's time ends.</summary>
    private static readonly TimeSpan s_lookTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<TokenDigest, Entry> _entries = [];
    private readonly ConcurrentDictionary<TokenDigest, Lazy<Task<TokenAnswer>>> _looks = [];
    private readonly Lock _trimming = new();
    private readonly ITokenAuthenticator _inner;
    private readonly TimeSpan _successLife;
    private readonly TimeSpan _failureLife;
    private readonly bool _keepsErrors;
    private readonly TimeProvider _time;

    /// <param name="inner">Who is asked.</param>
    /// <param name="successLife">How long users are kept; zero for not at all.</param>
    /// <param name="failureLife">How long it is kept that a token is unknown; zero for not at all.</param>
    /// <param name="keepsErrors">Whether a refusal with a reason is kept like that: not where the reason may be an outage.</param>
    /// <param name="time">The clock.</param>
    public TokenCache(ITokenAuthenticator inner, TimeSpan successLife, TimeSpan failureLife, bool keepsErrors, TimeProvider time)
    {
        (_inner, _successLife, _failureLife, _keepsErrors, _time) = (inner, successLife, failureLife, keepsErrors, time);
    }

    public ValueTask<TokenAnswer> AuthenticateAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        var digest = TokenDigest.Of(token, audiences);
        return Find(digest) is { } kept ? new(kept) : LookAsync(digest, token, audiences, cancellationToken);
    }

    /// <summary>The answer that is kept and still true; null for none.</summary>
    internal TokenAnswer? Find(TokenDigest digest)
    {
        if (!_entries.TryGetValue(digest, out var entry))
            return null;
        if (entry.Until > _time.GetUtcNow() && entry.Answer.IsStillTrue?.Invoke() != false)
            return entry.Answer;
        _entries.TryRemove(KeyValuePair.Create(digest, entry));
        return null;
    }

    /// <summary>Asks, together with whoever else asks this now.</summary>
    internal async ValueTask<TokenAnswer> LookAsync(
        TokenDigest digest, string token, IReadOnlyList<string> audiences, CancellationToken cancellationToken)
    {
        var look = _looks.GetOrAdd(digest, _ => new(() => RunAsync(digest, token, audiences)));
        return await look.Value.WaitAsync(cancellationToken);
    }

    private async Task<TokenAnswer> RunAsync(TokenDigest digest, string token, IReadOnlyList<string> audiences)
    {
        using var patience = new CancellationTokenSource(s_lookTimeout, _time);
        try
        {
            var answer = await _inner.AuthenticateAsync(token, audiences, patience.Token);
            Keep(digest, answer);
            return answer;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return TokenAnswer.Refused("context deadline exceeded");
        }
        finally
        {
            _looks.TryRemove(digest, out _);
        }
    }

    private void Keep(TokenDigest digest, TokenAnswer answer)
    {
        var life = answer.User is not null ? _successLife : _failureLife;
        if (life <= TimeSpan.Zero || (answer.Errors.Count > 0 && !_keepsErrors))
            return;
        var until = _time.GetUtcNow() + life;
        _entries[digest] = new(answer, answer.Until < until ? answer.Until : until);
        if (_entries.Count > MaxEntries)
            Trim();
    }

    /// <summary>Forgets the half that ends soonest; one at a time, the others go on.</summary>
    private void Trim()
    {
        if (!_trimming.TryEnter())
            return;
        try
        {
            foreach (var entry in _entries.ToArray().OrderBy(e => e.Value.Until).Take(MaxEntries / 2))
                _entries.TryRemove(entry);
        }
        finally
        {
            _trimming.Exit();
        }
    }

    private sealed record Entry(TokenAnswer Answer, DateTimeOffset Until);
}
