namespace Pilothouse.Cel;

/// <summary>Rewrites a call; null leaves it as it is.</summary>
internal delegate Expr? Macro(MacroExpansion expansion, Expr? target, IReadOnlyList<Expr> args);
