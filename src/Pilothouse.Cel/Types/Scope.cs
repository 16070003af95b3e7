namespace Pilothouse.Cel;

/// <summary>The variables that enclose an expression, innermost first.</summary>
internal sealed class Scope(Scope? outer, string name, CelType type)
{
    public static CelType? Find(Scope? scope, string name)
    {
        for (; scope is not null; scope = scope._outer)
        {
            if (scope._name == name)
                return scope._type;
        }
        return null;
    }

    private readonly Scope? _outer = outer;
    private readonly string _name = name;
    private readonly CelType _type = type;
}
