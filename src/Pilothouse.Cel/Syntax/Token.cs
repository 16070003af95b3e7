namespace Pilothouse.Cel;

/// <summary>A piece of the source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first code point.</param>
/// <param name="Text">As it is written.</param>
internal readonly record struct Token(TokenKind Kind, int Start, string Text);
