namespace Pilothouse.Cel;

internal sealed partial class Checker
{
    private CelType Call(CallExpr call)
    {
        if (call.Function == Operators.OptionalSelect && call is { Target: null, Args: [var operand, LiteralExpr field] })
        {
            Visit(field);
            return _mapping.Substitute(Field(call, operand, field.Value.AsString, optional: true), unboundToDyn: false);
        }
        foreach (var arg in call.Args)
            Visit(arg);
        if (call.Target is null)
        {
            if (FindFunction(call.Function) is not { } found)
            {
                Undeclared(call, call.Function);
                return CelType.Error;
            }
            call.Function = found.Name;
            return Resolve(call, found.Overloads);
        }
        // What stands before the dot may be the front of a name: math.greatest.
        if (QualifiedName(call.Target) is { } prefix && FindFunction($"{prefix}.{call.Function}") is { } qualified)
        {
            call.Function = qualified.Name;
            call.Target = null;
            return Resolve(call, qualified.Overloads);
        }
        Visit(call.Target);
        if (FindFunction(call.Function) is { } member)
            return Resolve(call, member.Overloads);
        Undeclared(call, call.Function);
        return CelType.Error;
    }

    private (string Name, IReadOnlyList<CelOverload> Overloads)? FindFunction(string name)
    {
        foreach (var candidate in _declarations.Candidates(name))
        {
            if (_declarations.Functions.Find(candidate) is { } overloads)
                return (candidate, overloads);
        }
        return null;
    }

    private CelType Resolve(CallExpr call, IReadOnlyList<CelOverload> overloads)
    {
        // Macros put one node into two places: it is checked twice then.
        call.Overloads.Clear();
        var types = new List<CelType>();
        if (call.Target is not null)
            types.Add(call.Target.Type!);
        foreach (var arg in call.Args)
            types.Add(arg.Type!);
        if (call.Function is Operators.And or Operators.Or)
            return Logical(call, overloads[0], types);
        CelType? result = null;
        foreach (var overload in overloads)
        {
            if (overload.IsMember != (call.Target is not null))
                continue;
            var (parameters, returned) = Instantiate(overload);
            if (_mapping.Assign(types, parameters) is not { } mapping)
                continue;
            _mapping = mapping;
            call.Overloads.Add(overload);
            var type = _mapping.Substitute(returned, unboundToDyn: false);
            if (result is null)
                result = type;
            else if (!result.IsDyn && !type.IsExactly(result))
                result = CelType.Dyn;
        }
        if (result is not null)
            return result;
        var shown = types.Select(t => _mapping.Substitute(t, unboundToDyn: true).ToMessage()).ToList();
        var receiver = "";
        if (call.Target is not null)
        {
            receiver = shown[0] + ".";
            shown.RemoveAt(0);
        }
        _issues.Add(call.Offset,
            $"found no matching overload for '{call.Function}' applied to '{receiver}({string.Join(", ", shown)})'");
        return CelType.Error;
    }

    private CelType Logical(CallExpr call, CelOverload overload, List<CelType> types)
    {
        call.Overloads.Add(overload);
        var fits = true;
        for (var i = 0; i < types.Count; i++)
        {
            if (IsAssignable(types[i], CelType.Bool))
                continue;
            Mismatch(call.Args[i], CelType.Bool, types[i]);
            fits = false;
        }
        return fits ? CelType.Bool : CelType.Error;
    }

    // The signature with fresh variables in place of its parameters.
    private (CelType[] Parameters, CelType Result) Instantiate(CelOverload overload)
    {
        if (overload.TypeParameters.Count == 0)
            return (overload.Parameters, overload.Result);
        var fresh = new TypeMapping();
        foreach (var name in overload.TypeParameters)
            fresh.Add(CelType.Parameter(name), NewVariable());
        return ([.. overload.Parameters.Select(p => fresh.Substitute(p, false))], fresh.Substitute(overload.Result, false));
    }
}
