using System.Text.Json.Nodes;
using Pilothouse.Cel;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication.Oidc;

/// <summary>Expressions in CEL, with Kubernetes' libraries.</summary>
public sealed class CelClaimExpressions : IClaimExpressionCompiler
{
    private static readonly CelStructType s_user = CelStructType.Of("kubernetes.UserInfo", new Dictionary<string, CelType>
    {
        ["username"] = CelType.String,
        ["uid"] = CelType.String,
        ["groups"] = CelType.List(CelType.String),
        ["extra"] = CelType.Map(CelType.String, CelType.List(CelType.String)),
    });

    private static readonly CelEnvironment s_claims = CelEnvironment.Kubernetes.WithVariable("claims", CelType.DynMap);
    private static readonly CelEnvironment s_users = CelEnvironment.Kubernetes.WithTypes(s_user).WithVariable("user", s_user);

    public Outcome<IClaimExpression> CompileClaims(string text, bool mustBeBool) => Compile(s_claims, "claims", CelType.DynMap, text, mustBeBool);

    public Outcome<IClaimExpression> CompileUser(string text) => Compile(s_users, "user", s_user, text, mustBeBool: true);

    private static Outcome<IClaimExpression> Compile(CelEnvironment environment, string variable, CelType type, string text, bool mustBeBool)
    {
        var compiled = environment.Compile(text);
        if (compiled.Program is not { } program)
            return Status.BadRequest("compilation failed: " + compiled.ErrorText);
        return !mustBeBool || program.ResultType.Kind == CelTypeKind.Bool
            ? new Expression(program, variable, type)
            : Status.BadRequest("must evaluate to bool");
    }

    private sealed class Expression(CelProgram program, string variable, CelType type) : IClaimExpression
    {
        public string Text => program.Source;

        public Outcome<JsonNode?> Evaluate(JsonObject value)
        {
            var result = program.Evaluate(new CelActivation().With(variable, JsonValues.From(value, type)));
            if (result.Error is { } error)
                return Status.Unauthorized($"expression '{program.Source}' resulted in error: {error}");
            return JsonValues.ToNode(result.Value, out var node) is { } unsayable ? Status.Unauthorized(unsayable) : node;
        }
    }
}
