using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Expressions in CEL that do not compile, as errors of their fields.</summary>
internal static class ExpressionValidation
{
    /// <summary>Adds what is wrong with an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="path">Its field.</param>
    /// <param name="errors">Gets the error.</param>
    /// <param name="shown">The text as the client wrote it, where another one was compiled.</param>
    public static void Check(CompiledExpression expression, FieldPath path, FieldErrors errors, string? shown = null)
    {
        if (expression.Error is { } error)
            errors.Invalid(path, shown ?? expression.Text, error);
    }
}
