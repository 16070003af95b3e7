namespace Pilothouse.Cel;

/// <summary>
/// What expressions may use: variables with their types, types that they may construct, and libraries. Immutable; every
/// <c>With</c> gives another one. Compile once, evaluate often.
/// </summary>
/// <example>
/// <code>
/// var environment = CelEnvironment.Kubernetes.WithVariable("request", CelType.DynMap);
/// var compiled = environment.Compile("request.name == 'x'");
/// if (compiled.Program is { } program)
///     program.Evaluate(new CelActivation().With("request", JsonValues.From(node)), cancellation: cancellation);
/// else
///     Report(compiled.ErrorText);
/// </code>
/// </example>
public sealed class CelEnvironment
{
    private readonly Declarations _declarations;
    private readonly MacroTable _macros;

    private CelEnvironment(Declarations declarations, MacroTable macros)
    {
        _declarations = declarations;
        _macros = macros;
    }

    /// <summary>The language with Kubernetes' libraries, as version 1.36 offers them to new expressions.</summary>
    public static CelEnvironment Kubernetes { get; } = MakeKubernetes();

    /// <summary>The language alone, with mixed literals.</summary>
    internal static CelEnvironment Plain { get; } = MakePlain();

    /// <summary>Adds a variable.</summary>
    public CelEnvironment WithVariable(string name, CelType type)
    {
        var variables = new Dictionary<string, CelType>(_declarations.Variables) { [name] = type };
        return new(Copy(variables: variables), _macros);
    }

    /// <summary>Adds types by their names, so that expressions can name and construct them.</summary>
    public CelEnvironment WithTypes(params IEnumerable<CelType> types)
    {
        var all = new Dictionary<string, CelType>(_declarations.Types);
        foreach (var type in types)
            all[type.Name] = type;
        return new(Copy(types: all), _macros);
    }

    /// <summary>Adds types that are found by their names only when one asks for them.</summary>
    public CelEnvironment WithTypeSource(Func<string, CelType?> source) => new(Copy(source: source), _macros);

    /// <summary>The names in expressions are looked up in this container first.</summary>
    internal CelEnvironment WithContainer(string container) => new(Copy(container: container), _macros);

    /// <summary>Adds functions and macros.</summary>
    internal CelEnvironment WithLibrary(Action<FunctionTable, MacroTable> add)
    {
        var functions = new FunctionTable(_declarations.Functions);
        var macros = new MacroTable(_macros);
        add(functions, macros);
        return new(Copy(functions: functions), macros);
    }

    /// <summary>Adds the function that JSON patches need: <c>jsonpatch.escapeKey</c>.</summary>
    public CelEnvironment WithJsonPatch() => WithLibrary((functions, _) => JsonPatchLibrary.AddTo(functions));

    /// <summary>Parses and checks an expression.</summary>
    /// <returns>The program, or what is wrong with the text.</returns>
    public CelCompilation Compile(string text) => Compile(text, check: true);

    internal CelCompilation Compile(string text, bool check)
    {
        var source = new CelSource(text);
        var issues = new Issues(source);
        var expr = Parser.Parse(source, issues, _macros);
        if (expr is null || issues.Count > 0)
            return new(null, issues);
        if (check)
        {
            Checker.Check(expr, _declarations, issues);
            if (issues.Count > 0)
                return new(null, issues);
            if (!_declarations.MixedLiterals)
                LiteralValidation.Check(expr, issues);
            if (issues.Count > 0)
                return new(null, issues);
        }
        var planner = new Planner(_declarations, check);
        var node = planner.Plan(expr);
        return new(new CelProgram(text, expr, node, planner.Locals), issues);
    }

    private Declarations Copy(
        IReadOnlyDictionary<string, CelType>? variables = null, IReadOnlyDictionary<string, CelType>? types = null,
        Func<string, CelType?>? source = null, FunctionTable? functions = null, string? container = null) => new()
        {
            Variables = variables ?? _declarations.Variables,
            Types = types ?? _declarations.Types,
            TypeSource = source ?? _declarations.TypeSource,
            Functions = functions ?? _declarations.Functions,
            Container = container ?? _declarations.Container,
            MixedLiterals = _declarations.MixedLiterals,
        };

    private static CelEnvironment MakePlain(bool mixedLiterals = true)
    {
        var functions = new FunctionTable();
        var macros = new MacroTable();
        StandardLibrary.AddTo(functions);
        Macros.AddTo(macros);
        OptionalLibrary.AddTo(functions, macros);
        var declarations = new Declarations
        {
            Variables = new Dictionary<string, CelType>(),
            Types = StandardLibrary.Types.Append(CelType.Optional(CelType.Parameter("V"))).ToDictionary(t => t.Name),
            Functions = functions,
            MixedLiterals = mixedLiterals,
        };
        return new(declarations, macros);
    }

    private static CelEnvironment MakeKubernetes() => MakePlain(mixedLiterals: false)
        .WithLibrary(AddKubernetes)
        .WithTypes(NetworkLibrary.Ip, NetworkLibrary.Cidr);

    internal static void AddKubernetes(FunctionTable functions, MacroTable macros)
    {
        UrlLibrary.AddTo(functions);
        RegexLibrary.AddTo(functions);
        ListFunctions.AddTo(functions);
        AuthorizerLibrary.AddTo(functions);
        QuantityLibrary.AddTo(functions);
        StringFunctions.AddTo(functions);
        SetFunctions.AddTo(functions);
        NetworkLibrary.AddTo(functions);
        FormatLibrary.AddTo(functions);
        MapFunctions.AddTo(functions);
        Macros.AddTwoVariable(macros);
        SemverLibrary.AddTo(functions);
        ListFunctions.AddExtension(functions, macros);
    }
}
