using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>Compiles the expressions of an AuthenticationConfiguration.</summary>
public interface IClaimExpressionCompiler
{
    /// <summary>An expression over the variable <c>claims</c>.</summary>
    /// <param name="text">CEL.</param>
    /// <param name="mustBeBool">It is a rule.</param>
    /// <returns>The expression, or what is wrong with its text.</returns>
    Outcome<IClaimExpression> CompileClaims(string text, bool mustBeBool);

    /// <summary>A rule over the variable <c>user</c>.</summary>
    Outcome<IClaimExpression> CompileUser(string text);
}
