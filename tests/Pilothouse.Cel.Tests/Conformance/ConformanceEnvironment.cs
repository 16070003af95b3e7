namespace Pilothouse.Cel.Tests.Conformance;

/// <summary>The language with every library that the suite has cases for, and the macros that only its tests know.</summary>
internal static class ConformanceEnvironment
{
    public static CelEnvironment Instance { get; } = CelEnvironment.Plain
        .WithLibrary(CelEnvironment.AddKubernetes)
        .WithTypes(NetworkLibrary.Ip, NetworkLibrary.Cidr)
        .WithLibrary((functions, macros) =>
        {
            MathLibrary.AddTo(functions, macros);
            EncoderLibrary.AddTo(functions);
            macros.Add("bind", member: true, 3, (m, target, args) => target is not IdentExpr { Name: "cel" } ? null
                : args[0] is IdentExpr { Name: var name } ? m.Bind(name, args[1], args[2])
                : m.Fail(args[0], "cel.bind() variable names must be simple identifiers"));
            macros.Add("block", member: true, 2, (m, target, args) => target is IdentExpr { Name: "cel" } ? Block(m, args) : null);
            macros.Add("index", member: true, 1, (m, target, args) => Numbered(m, target, "@index", args));
            macros.Add("iterVar", member: true, 2, (m, target, args) => Numbered(m, target, "@it:", args));
            macros.Add("accuVar", member: true, 2, (m, target, args) => Numbered(m, target, "@ac:", args));
        });

    private static IdentExpr? Numbered(MacroExpansion m, Expr? target, string prefix, IReadOnlyList<Expr> args) =>
        target is IdentExpr { Name: "cel" } ? m.Ident(prefix + string.Join(':', args.Select(a => ((LiteralExpr)a).Value))) : null;

    // cel.block([a, b], c) names a and b for what comes after them.
    private static Expr Block(MacroExpansion m, IReadOnlyList<Expr> args)
    {
        var elements = ((ListExpr)args[0]).Elements;
        var result = args[1];
        for (var i = elements.Count - 1; i >= 0; i--)
            result = m.Bind($"@index{i}", elements[i].Value, result);
        return result;
    }
}
