using Pilothouse.Cel;

namespace Pilothouse.Catalog;

/// <summary>Expressions that choose devices: what they see of <c>device</c>, and what they may cost.</summary>
internal static class DeviceSelector
{
    /// <summary>What an expression may cost on the largest of devices.</summary>
    public const ulong MaxCost = 1_000_000;

    private const int MaxAttributes = 32;
    private const int MaxDomain = 63;
    private const int MaxIdentifier = 32;
    private const int MaxText = 64;

    private static readonly CelType Text = CelType.String;

    private static readonly CelEnvironment Environment = CelEnvironment.Kubernetes.WithVariable(
        "device",
        CelStructType.Of("kubernetes.DRADevice", new Dictionary<string, CelType>
        {
            ["driver"] = Text,
            ["allowMultipleAllocations"] = CelType.Bool,
            ["attributes"] = CelType.Map(Text, CelType.Map(Text, CelType.Dyn)),
            ["capacity"] = CelType.Map(Text, CelType.Map(Text, CelTypes.Quantity)),
        }));

    public static CompiledExpression Compile(string text)
    {
        var compiled = Environment.Compile(text);
        if (compiled.Program is not { } program)
            return new(text, null, $"compilation failed: {compiled.ErrorText}");
        return program.ResultType.Kind is CelTypeKind.Bool or CelTypeKind.Dyn
            ? new(text, program, null)
            : new(text, null, $"must evaluate to bool or the unknown type, not {program.ResultType}");
    }

    public static bool IsTooComplex(CelProgram program) => program.EstimateCost(new DeviceSizes()).Max > MaxCost;

    /// <summary>How large the parts of a device may be.</summary>
    private sealed class DeviceSizes : ICelSizes
    {
        public CelRange? Estimate(IReadOnlyList<string> path, CelType type)
        {
            if (path.Count < 2 || path[0] != "device")
                return null;
            return (path[1], path.Count, path[^1]) switch
            {
                ("driver", 2, _) => new(0, MaxDomain),
                ("attributes" or "capacity", 2, _) => new(0, MaxAttributes),
                ("attributes" or "capacity", 3, "@keys") => new(0, MaxDomain),
                ("attributes" or "capacity", 3, "@values") => new(0, MaxAttributes),
                ("attributes" or "capacity", 4, "@keys") => new(0, MaxIdentifier),
                ("attributes", 4, _) => new(0, MaxText),
                _ => null,
            };
        }
    }
}
