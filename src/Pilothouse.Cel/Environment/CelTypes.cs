namespace Pilothouse.Cel;

/// <summary>The types of Kubernetes' libraries, for declaring variables.</summary>
public static class CelTypes
{
    /// <summary>The variable <c>authorizer</c>.</summary>
    public static CelType Authorizer => AuthorizerLibrary.Authorizer;

    /// <summary><c>authorizer.requestResource</c>.</summary>
    public static CelType ResourceCheck => AuthorizerLibrary.ResourceCheck;

    public static CelType Quantity => QuantityLibrary.Type;

    public static CelType Semver => SemverLibrary.Type;
}
