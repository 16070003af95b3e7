namespace Pilothouse.Cel;

internal sealed partial class Parser
{
    private List<Expr> Arguments()
    {
        var args = new List<Expr>();
        if (!Is(TokenKind.RightParen))
        {
            if (!StartsUnary(Current.Kind) && !Sync(StartOfArguments, k => StartsUnary(k) || k == TokenKind.RightParen))
                return args;
            if (!Is(TokenKind.RightParen))
            {
                _follow.Push([TokenKind.Comma, TokenKind.RightParen]);
                do
                    args.Add(Expression());
                while (TryTake(TokenKind.Comma, out _));
                _follow.Pop();
            }
        }
        Expect(TokenKind.RightParen, TokenKind.RightParen);
        return args;
    }

    private Expr ListLiteral()
    {
        var open = Take();
        var elements = new List<Element>();
        if (!StartsElement(Current.Kind) && Current.Kind is not (TokenKind.RightBracket or TokenKind.Comma) &&
            !Sync(StartOfList, k => StartsElement(k) || k is TokenKind.RightBracket or TokenKind.Comma))
            return Missing(open);
        if (StartsElement(Current.Kind))
        {
            _follow.Push([TokenKind.Comma, TokenKind.RightBracket]);
            do
            {
                var optional = TryTake(TokenKind.Question, out _);
                elements.Add(new(Expression(), optional));
            }
            while (Is(TokenKind.Comma) && StartsElement(Ahead(1).Kind) && TryTake(TokenKind.Comma, out _));
            _follow.Pop();
        }
        return Close(TokenKind.RightBracket, "{']', ','}") ? new ListExpr(open.Start, elements) : Missing(open);
    }

    private Expr MapLiteral()
    {
        var open = Take();
        var entries = new List<MapEntry>();
        if (!StartsElement(Current.Kind) && Current.Kind is not (TokenKind.RightBrace or TokenKind.Comma) &&
            !Sync(StartOfMap, k => StartsElement(k) || k is TokenKind.RightBrace or TokenKind.Comma))
            return Missing(open);
        if (StartsElement(Current.Kind))
        {
            _follow.Push([TokenKind.Comma, TokenKind.RightBrace]);
            do
            {
                var optional = TryTake(TokenKind.Question, out _);
                _follow.Push([TokenKind.Colon]);
                var key = Expression();
                _follow.Pop();
                if (!Expect(TokenKind.Colon, TokenKind.Colon, startsExpression: true))
                    break;
                entries.Add(new(key, Expression(), optional));
            }
            while (Is(TokenKind.Comma) && StartsElement(Ahead(1).Kind) && TryTake(TokenKind.Comma, out _));
            _follow.Pop();
        }
        return Close(TokenKind.RightBrace, "{'}', ','}") ? new MapExpr(open.Start, entries) : Missing(open);
    }

    private Expr StructLiteral(bool dot, int parts)
    {
        var name = dot ? "." : "";
        if (dot)
        {
            Take();
            parts--;
        }
        for (var i = 0; i < parts; i++)
            name += Take().Text;
        var open = Take();
        var fields = new List<FieldEntry>();
        if (!StartsField(Current.Kind) && Current.Kind is not (TokenKind.RightBrace or TokenKind.Comma) &&
            !Sync("{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}",
                k => StartsField(k) || k is TokenKind.RightBrace or TokenKind.Comma))
            return Missing(open);
        if (StartsField(Current.Kind))
        {
            _follow.Push([TokenKind.Comma, TokenKind.RightBrace]);
            do
            {
                var optional = TryTake(TokenKind.Question, out _);
                if (Current.Kind is not (TokenKind.Identifier or TokenKind.EscapedIdentifier))
                {
                    Sync("{IDENTIFIER, ESC_IDENTIFIER}", _ => false);
                    break;
                }
                var field = Take();
                var colon = Current;
                if (!Expect(TokenKind.Colon, TokenKind.Colon, startsExpression: true))
                    break;
                var text = field.Kind == TokenKind.Identifier ? field.Text : field.Text[1..^1];
                fields.Add(new(colon.Start, text, Expression(), optional));
            }
            while (Is(TokenKind.Comma) && StartsField(Ahead(1).Kind) && TryTake(TokenKind.Comma, out _));
            _follow.Pop();
        }
        return Close(TokenKind.RightBrace, "{'}', ','}") ? new StructExpr(open.Start, name, fields) : Missing(open);
    }

    private bool Close(TokenKind closer, string expected)
    {
        if (Current.Kind != TokenKind.Comma && Current.Kind != closer &&
            !Sync(expected, k => k == closer || k == TokenKind.Comma))
            return false;
        TryTake(TokenKind.Comma, out _);
        return Expect(closer, closer);
    }

    private static bool StartsField(TokenKind kind) =>
        kind is TokenKind.Question or TokenKind.Identifier or TokenKind.EscapedIdentifier;

    private static bool StartsElement(TokenKind kind) => kind == TokenKind.Question || StartsUnary(kind);
}
