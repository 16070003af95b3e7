using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Server.Authorization;

namespace Pilothouse.Server.Admission;

/// <summary>A MutatingAdmissionPolicy, compiled.</summary>
internal sealed class MutatingPolicy : AdmissionPolicy
{
    private MutatingPolicy(string name, JsonElement spec, IAuthorizer authorizer)
        : base(name, spec, patches: true, authorizer)
    {
        WantsReinvocation = spec.Text("reinvocationPolicy") == "IfNeeded";
        Mutations =
        [
            .. spec.Elements("mutations").Select(m => m.Text("patchType") == "JSONPatch"
                ? (true, Expressions.JsonPatch(m.Text("jsonPatch", "expression").Trim()))
                : (false, Expressions.ApplyConfiguration(m.Text("applyConfiguration", "expression").Trim()))),
        ];
    }

    /// <summary>Whether it is run once more when something behind it changed the object.</summary>
    public bool WantsReinvocation { get; }

    public IReadOnlyList<(bool IsJsonPatch, CompiledExpression Expression)> Mutations { get; }

    public static MutatingPolicy Read(string name, JsonElement json, IAuthorizer authorizer) => new(name, json.At("spec"), authorizer);
}
