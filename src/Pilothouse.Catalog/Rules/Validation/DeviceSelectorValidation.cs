using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>The expressions with which classes and claims choose devices.</summary>
internal static class DeviceSelectorValidation
{
    /// <summary>Adds what is wrong with an expression: that it does not compile, or may cost too much.</summary>
    public static void Validate(string expression, FieldPath path, FieldErrors errors)
    {
        var compiled = DeviceSelector.Compile(expression);
        ExpressionValidation.Check(compiled, path, errors);
        if (compiled.Program is { } program && DeviceSelector.IsTooComplex(program))
            errors.Forbidden(path, "too complex, exceeds cost limit");
    }
}
