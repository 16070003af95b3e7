using Pilothouse.Cel;

namespace Pilothouse.Catalog;

/// <summary>What expressions that select devices see: <c>device</c>, with its driver, attributes and capacities by domain (KEP-4381).</summary>
internal static class DeviceEnvironment
{
    private static readonly CelEnvironment Environment = CelEnvironment.Kubernetes.WithVariable("device", CelStructType.Of(
        "kubernetes.DRADevice",
        new Dictionary<string, CelType>
        {
            ["driver"] = CelType.String,
            ["attributes"] = CelType.Map(CelType.String, CelType.Map(CelType.String, CelType.Dyn)),
            ["capacity"] = CelType.Map(CelType.String, CelType.Map(CelType.String, CelTypes.Quantity)),
            ["allowMultipleAllocations"] = CelType.Bool,
        }));

    /// <summary>What is wrong with an expression; null for nothing.</summary>
    public static string? FaultOf(string expression)
    {
        var compiled = Environment.Compile(expression);
        if (compiled.Program is not { } program)
            return $"compilation failed: {compiled.ErrorText}";
        return program.ResultType.IsExactly(CelType.Bool) || program.ResultType.IsExactly(CelType.Dyn) ? null
            : $"must evaluate to bool or the unknown type, not {program.ResultType}";
    }
}
