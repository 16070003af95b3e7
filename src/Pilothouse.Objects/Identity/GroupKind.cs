namespace Pilothouse.Objects;

/// <summary>Names a kind of object without a version, as validation errors do.</summary>
public readonly record struct GroupKind(string Group, string Kind)
{
    /// <summary><c>ConfigMap</c>, or <c>Deployment.apps</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Kind : $"{Kind}.{Group}";
}
