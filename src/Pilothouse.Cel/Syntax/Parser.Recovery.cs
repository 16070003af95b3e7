namespace Pilothouse.Cel;

internal sealed partial class Parser
{
    private const string Literals = "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
    private const string StartOfExpression = "{'[', '{', '(', '.', '-', '!', " + Literals;
    private const string StartOfArguments = "{'[', '{', '(', ')', '.', '-', '!', " + Literals;
    private const string StartOfList = "{'[', ']', '{', '(', '.', ',', '-', '!', '?', " + Literals;
    private const string StartOfMap = "{'[', '{', '}', '(', '.', ',', '-', '!', '?', " + Literals;

    private static bool StartsUnary(TokenKind kind) => kind == TokenKind.Not || StartsMember(kind);

    private static bool StartsMember(TokenKind kind) => kind is TokenKind.LeftBracket or TokenKind.LeftBrace
        or TokenKind.LeftParen or TokenKind.Dot or TokenKind.Minus or TokenKind.Identifier
        or (>= TokenKind.True and <= TokenKind.Bytes);

    // What may follow an expression wherever it stands.
    private static bool ContinuesExpression(TokenKind kind) => kind is (>= TokenKind.Equals and <= TokenKind.Or)
        or TokenKind.Minus or TokenKind.Plus or TokenKind.Star or TokenKind.Slash or TokenKind.Percent
        or TokenKind.Question or TokenKind.End;

    /// <summary>
    /// Reports that the current token is not among those expected. True when leaving it out mends the text; the token after
    /// it is current then.
    /// </summary>
    private bool Sync(string expected, Func<TokenKind, bool> isExpected)
    {
        CountRecovery();
        if (!Is(TokenKind.End) && isExpected(Ahead(1).Kind))
        {
            Report(Current, $"extraneous input '{Current.Text}' expecting {expected}");
            Take();
            return true;
        }
        Report(Current, $"mismatched input '{Current.Text}' expecting {expected}");
        Recover();
        return false;
    }

    /// <summary>Takes one kind of token; one too many before it is left out, a missing one is taken as read.</summary>
    /// <returns>Whether the construct can go on.</returns>
    private bool Expect(TokenKind kind, TokenKind shown, bool startsExpression = false)
    {
        if (TryTake(kind, out _))
            return true;
        var text = Show(shown);
        CountRecovery();
        if (!Is(TokenKind.End) && Ahead(1).Kind == kind)
        {
            Report(Current, $"extraneous input '{Current.Text}' expecting {text}");
            Take();
            Take();
            return true;
        }
        var couldFollow = startsExpression ? StartsUnary(Current.Kind)
            : kind != TokenKind.End && (ContinuesExpression(Current.Kind) || Current.Kind is TokenKind.Dot or TokenKind.LeftBracket ||
                Closes(Current.Kind));
        if (couldFollow)
        {
            Report(Current, $"missing {text} at '{Current.Text}'");
            return true;
        }
        Report(Current, $"mismatched input '{Current.Text}' expecting {text}");
        if (kind != TokenKind.End)
            Recover();
        return false;
    }

    private static string Show(TokenKind kind) => kind switch
    {
        TokenKind.End => "<EOF>",
        TokenKind.Colon => "':'",
        TokenKind.RightParen => "')'",
        TokenKind.RightBracket => "']'",
        _ => "'}'",
    };

    private void NoViable(Token start, Token offending)
    {
        CountRecovery();
        var input = "";
        for (var i = _tokens.IndexOf(start); i < _tokens.Count; i++)
        {
            if (_tokens[i].Kind != TokenKind.End)
                input = _issues.Source.Slice(start.Start, _tokens[i].Start + _tokens[i].Text.Length);
            if (_tokens[i].Start == offending.Start)
                break;
        }
        // Words of the language where a name should be are told in another way.
        if (input is ".true" or ".false" or ".null")
            Report(offending, $"mismatched input '{input[1..]}' expecting IDENTIFIER");
        else
            Report(offending, $"no viable alternative at input '{input}'");
        Recover();
    }

    private void Report(Token token, string message)
    {
        if (_recovering)
            return;
        _recovering = true;
        _issues.Add(token.Start, "Syntax error: " + message);
    }

    private void CountRecovery()
    {
        if (_recoveries++ == MostRecoveries)
            throw new StopException($"error recovery attempt limit exceeded: {MostRecoveries}");
    }

    private bool Closes(TokenKind kind)
    {
        foreach (var set in _follow)
        {
            if (set.AsSpan().Contains(kind))
                return true;
        }
        return false;
    }

    // Goes on to what can follow one of the constructs that are open; always by one token, so that it ends.
    private void Recover()
    {
        if (_lastError == _at && _at < _tokens.Count - 1)
            _at++;
        while (!ContinuesExpression(Current.Kind) && !Closes(Current.Kind))
            _at++;
        _lastError = _at;
    }

    /// <summary>Ends the parse at once.</summary>
    private sealed class StopException(string? report) : Exception
    {
        public string? Report { get; } = report;
    }
}
