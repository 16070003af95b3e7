namespace Pilothouse.Objects;

/// <summary>Names a collection of objects without a version, as error messages and authorization do.</summary>
public readonly record struct GroupResource(string Group, string Resource)
{
    /// <summary><c>configmaps</c>, or <c>deployments.apps</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Resource : $"{Resource}.{Group}";
}
