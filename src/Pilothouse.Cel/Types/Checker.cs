namespace Pilothouse.Cel;

/// <summary>
/// Gives every node of a tree its type, resolves names and overloads, and reports what does not fit, in upstream's words.
/// </summary>
internal sealed partial class Checker
{
    private readonly Declarations _declarations;
    private readonly Issues _issues;
    private TypeMapping _mapping = new();
    private Scope? _scope;
    private int _typeVariables;

    private Checker(Declarations declarations, Issues issues)
    {
        _declarations = declarations;
        _issues = issues;
    }

    /// <summary>Checks the tree in place.</summary>
    public static void Check(Expr expr, Declarations declarations, Issues issues)
    {
        var checker = new Checker(declarations, issues);
        checker.Visit(expr);
        Traversal.Visit(expr, e => e.Type = checker._mapping.Substitute(e.Type ?? CelType.Error, unboundToDyn: true));
    }

    private CelType Visit(Expr expr)
    {
        var type = expr switch
        {
            LiteralExpr literal => literal.Value.RuntimeType,
            IdentExpr ident => Ident(ident),
            SelectExpr select => Select(select),
            CallExpr call => Call(call),
            ListExpr list => List(list),
            MapExpr map => Map(map),
            StructExpr message => Struct(message),
            _ => Fold((FoldExpr)expr),
        };
        expr.Type = type;
        return type;
    }

    private void Undeclared(Expr expr, string name) =>
        _issues.Add(expr.Offset, $"undeclared reference to '{name}' (in container '{_declarations.Container}')");

    private CelType Ident(IdentExpr ident)
    {
        if (Scope.Find(_scope, ident.Name) is { } local)
            return local;
        foreach (var candidate in _declarations.Candidates(ident.Name))
        {
            if (_declarations.FindIdent(candidate) is { } type)
            {
                // A leading dot says that no local variable is meant.
                ident.Name = Scope.Find(_scope, candidate) is null ? candidate : "." + candidate;
                return type;
            }
        }
        Undeclared(ident, ident.Name);
        return CelType.Error;
    }

    private CelType Select(SelectExpr select)
    {
        if (!select.TestOnly && QualifiedName(select) is { } name && Scope.Find(_scope, FirstPart(name)) is null)
        {
            foreach (var candidate in _declarations.Candidates(name))
            {
                if (_declarations.FindIdent(candidate) is { } type)
                {
                    select.Resolved = candidate;
                    return type;
                }
            }
        }
        var result = Field(select, select.Operand, select.Field, optional: false);
        return select.TestOnly ? CelType.Bool : _mapping.Substitute(result, unboundToDyn: false);
    }

    private static string FirstPart(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? name : name[..dot];
    }

    /// <summary>A chain of selections as one name with dots; null when it is none.</summary>
    internal static string? QualifiedName(Expr expr) => expr switch
    {
        IdentExpr ident => ident.Name,
        SelectExpr { TestOnly: false } select when QualifiedName(select.Operand) is { } operand => $"{operand}.{select.Field}",
        _ => null,
    };

    private CelType Field(Expr expr, Expr operand, string field, bool optional)
    {
        var type = _mapping.Substitute(Visit(operand), unboundToDyn: false).Unwrapped(out var wasOptional);
        CelType result;
        switch (type.Kind)
        {
            case CelTypeKind.Map:
                result = type.Parameters[1];
                break;
            case CelTypeKind.Struct:
                if (!((CelStructType)type).TryGetField(field, out result!))
                {
                    _issues.Add(expr.Offset, $"undefined field '{field}'");
                    result = CelType.Error;
                }
                break;
            case CelTypeKind.TypeParameter:
                IsAssignable(CelType.Dyn, type);
                result = CelType.Dyn;
                break;
            default:
                if (!type.IsDynOrError)
                    _issues.Add(expr.Offset, $"type '{type.ToMessage()}' does not support field selection");
                result = CelType.Dyn;
                break;
        }
        return wasOptional || optional ? CelType.Optional(result) : result;
    }

    private CelType List(ListExpr list)
    {
        CelType? joined = null;
        foreach (var (element, optional) in list.Elements)
            joined = Join(element, joined, ElementType(element, Visit(element), optional));
        return CelType.List(joined ?? NewVariable());
    }

    private CelType Map(MapExpr map)
    {
        CelType? keys = null;
        CelType? values = null;
        foreach (var (key, value, optional) in map.Entries)
        {
            keys = Join(key, keys, Visit(key));
            values = Join(value, values, ElementType(value, Visit(value), optional));
        }
        return CelType.Map(keys ?? NewVariable(), values ?? NewVariable());
    }

    private CelType ElementType(Expr expr, CelType type, bool optional)
    {
        if (!optional)
            return type;
        var unwrapped = type.Unwrapped(out var isOptional);
        if (!isOptional && !unwrapped.IsDyn)
            Mismatch(expr, CelType.Optional(unwrapped), unwrapped);
        return unwrapped;
    }

    private CelType Struct(StructExpr message)
    {
        CelType? type = null;
        foreach (var candidate in _declarations.Candidates(message.TypeName))
        {
            if (_declarations.FindType(candidate) is not { } found)
                continue;
            type = found;
            message.TypeName = candidate;
            break;
        }
        if (type is null)
        {
            Undeclared(message, message.TypeName);
            foreach (var field in message.Fields)
                Visit(field.Value);
            return CelType.Error;
        }
        if (type is not CelStructType { Constructible: true } target)
        {
            _issues.Add(message.Offset, $"'{type.Name}' is not a message type");
            foreach (var field in message.Fields)
                Visit(field.Value);
            return CelType.Error;
        }
        foreach (var field in message.Fields)
        {
            var given = Visit(field.Value);
            if (!target.TryGetField(field.Name, out var declared))
            {
                _issues.Add(field.Offset, $"undefined field '{field.Name}'");
                declared = CelType.Error;
            }
            given = ElementType(field.Value, given, field.Optional);
            if (!IsAssignable(declared, given))
            {
                _issues.Add(field.Offset, $"expected type of field '{field.Name}' is '{declared.ToMessage()}' " +
                    $"but provided type is '{_mapping.Substitute(given, false).ToMessage()}'");
            }
        }
        return type;
    }

    private CelType Fold(FoldExpr fold)
    {
        Visit(fold.Range);
        var accumulator = Visit(fold.Initial);
        var range = _mapping.Substitute(fold.Range.Type!, unboundToDyn: false);
        var outer = _scope;
        _scope = new Scope(outer, fold.Accumulator, accumulator);
        var inner = _scope;
        CelType first;
        var second = CelType.Dyn;
        switch (range.Kind)
        {
            case CelTypeKind.List:
                first = range.Parameters[0];
                if (fold.Variable2 is not null)
                    (first, second) = (CelType.Int, first);
                break;
            case CelTypeKind.Map:
                first = range.Parameters[0];
                second = range.Parameters[1];
                break;
            case CelTypeKind.Dyn or CelTypeKind.Error or CelTypeKind.TypeParameter:
                IsAssignable(CelType.Dyn, range);
                first = CelType.Dyn;
                break;
            default:
                _issues.Add(fold.Range.Offset, $"expression of type '{range.ToMessage()}' cannot be range of a " +
                    "comprehension (must be list, map, or dynamic)");
                first = second = CelType.Error;
                break;
        }
        _scope = new Scope(_scope, fold.Variable, first);
        if (fold.Variable2 is not null)
            _scope = new Scope(_scope, fold.Variable2, second);
        Visit(fold.Condition);
        Assert(fold.Condition, CelType.Bool);
        Visit(fold.Step);
        Assert(fold.Step, accumulator);
        _scope = inner;
        Visit(fold.Result);
        _scope = outer;
        return _mapping.Substitute(fold.Result.Type!, unboundToDyn: false);
    }

    private CelType Join(Expr expr, CelType? previous, CelType current)
    {
        if (previous is null)
            return current;
        if (IsAssignable(previous, current))
            return TypeMapping.MostGeneral(previous, current);
        if (_declarations.MixedLiterals)
            return CelType.Dyn;
        Mismatch(expr, previous, current);
        return CelType.Error;
    }

    private void Assert(Expr expr, CelType type)
    {
        if (!IsAssignable(type, expr.Type!))
            Mismatch(expr, type, expr.Type!);
    }

    private void Mismatch(Expr expr, CelType expected, CelType actual) =>
        _issues.Add(expr.Offset, $"expected type '{expected.ToMessage()}' but found '{actual.ToMessage()}'");

    private CelType NewVariable() => CelType.Parameter($"_var{_typeVariables++}");

    private bool IsAssignable(CelType left, CelType right)
    {
        if (_mapping.Assign(left, right) is not { } mapping)
            return false;
        _mapping = mapping;
        return true;
    }
}
