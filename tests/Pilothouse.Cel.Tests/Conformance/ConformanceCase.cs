using System.Globalization;

namespace Pilothouse.Cel.Tests.Conformance;

/// <summary>One case of the suite, run as its fields say.</summary>
internal sealed class ConformanceCase(string name, TextProto test)
{
    public string Name => name;

    /// <summary>Whether it needs messages of protobuf, which the API server's expressions never see.</summary>
    public bool NeedsMessages => test.UsesMessages || Text.Contains("TestAllTypes", StringComparison.Ordinal) ||
        Text.Contains("google.protobuf.", StringComparison.Ordinal);

    private string Text => test.Scalar("expr")!;

    /// <summary>Every case of the embedded suite.</summary>
    public static IEnumerable<ConformanceCase> All()
    {
        var assembly = typeof(ConformanceCase).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith("suite/", StringComparison.Ordinal)).Order())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var file = TextProto.Parse(reader.ReadToEnd());
            foreach (var section in file.Messages("section"))
            {
                foreach (var test in section.Messages("test"))
                    yield return new($"{file.Scalar("name")}/{section.Scalar("name")}/{test.Scalar("name")}", test);
            }
        }
    }

    /// <summary>Runs the case.</summary>
    /// <returns>Null, or what is wrong with the answer.</returns>
    public string? Run()
    {
        var environment = ConformanceEnvironment.Instance.WithContainer(test.Scalar("container") ?? "");
        foreach (var declared in test.Messages("type_env"))
        {
            if (declared.Message("ident") is { } ident)
                environment = environment.WithVariable(declared.Scalar("name")!, TypeOf(ident.Message("type")!));
        }
        var compiled = environment.Compile(Text, check: test.Scalar("disable_check") != "true");
        if (compiled.Program is not { } program)
            return test.Has("eval_error") ? null : $"does not compile: {compiled.ErrorText}";
        if (test.Scalar("check_only") == "true")
            return null;
        var activation = new CelActivation();
        foreach (var binding in test.Messages("bindings"))
            activation.With(binding.Scalar("key")!, ValueOf(binding.Message("value")!.Message("value")!));
        var result = program.Evaluate(activation, ulong.MaxValue, TestContext.Current.CancellationToken);
        if (test.Has("eval_error"))
            return result.Error is null ? $"no error but {result.Value.Kind} {result.Value}" : null;
        if (result.Error is not null)
            return $"error: {result.Error}";
        var expected = test.Message("value") is { } value ? ValueOf(value)
            : test.Message("typed_result")?.Message("result") is { } typed ? ValueOf(typed) : CelValue.True;
        return IsSame(expected, result.Value) ? null : $"{result.Value.Kind} {result.Value} instead of {expected.Kind} {expected}";
    }

    // Stricter than equality: a number of another kind is another answer, and NaN is NaN.
    private static bool IsSame(CelValue expected, CelValue actual)
    {
        if (expected.Kind != actual.Kind)
            return false;
        return expected.Kind switch
        {
            CelKind.Double => expected.AsDouble.Equals(actual.AsDouble),
            CelKind.List => expected.AsList.Count == actual.AsList.Count &&
                expected.AsList.Zip(actual.AsList).All(p => IsSame(p.First, p.Second)),
            _ => expected == actual,
        };
    }

    private static CelType TypeOf(TextProto type)
    {
        if (type.Scalar("primitive") is { } primitive)
        {
            return primitive switch
            {
                "BOOL" => CelType.Bool,
                "INT64" => CelType.Int,
                "UINT64" => CelType.Uint,
                "DOUBLE" => CelType.Double,
                "STRING" => CelType.String,
                "BYTES" => CelType.Bytes,
                _ => throw new FormatException(primitive),
            };
        }
        if (type.Message("list_type") is { } list)
            return CelType.List(list.Message("elem_type") is { } element ? TypeOf(element) : CelType.Dyn);
        if (type.Message("map_type") is { } map)
            return CelType.Map(TypeOf(map.Message("key_type")!), TypeOf(map.Message("value_type")!));
        return CelType.Dyn;
    }

    private static CelValue ValueOf(TextProto value)
    {
        if (value.Scalar("int64_value") is { } number)
            return CelValue.Of(long.Parse(number, CultureInfo.InvariantCulture));
        if (value.Scalar("uint64_value") is { } unsigned)
            return CelValue.Of(ulong.Parse(unsigned, CultureInfo.InvariantCulture));
        if (value.Scalar("double_value") is { } real)
        {
            return CelValue.Of(real switch
            {
                "inf" or "infinity" => double.PositiveInfinity,
                "-inf" or "-infinity" => double.NegativeInfinity,
                "nan" => double.NaN,
                _ => double.Parse(real, CultureInfo.InvariantCulture),
            });
        }
        if (value.Scalar("bool_value") is { } truth)
            return CelValue.Of(truth == "true");
        if (value.Scalar("string_value") is { } text)
            return CelValue.Of(text);
        if (value.Bytes("bytes_value") is { } bytes)
            return CelValue.Of(bytes);
        if (value.Scalar("type_value") is { } type)
            return CelValue.Of(CelType.Opaque(type));
        if (value.Message("list_value") is { } list)
            return CelValue.Of(CelList.Of([.. list.Messages("values").Select(ValueOf)]));
        if (value.Message("map_value") is { } map)
        {
            return CelValue.Of(CelMap.Of(map.Messages("entries")
                .ToDictionary(e => ValueOf(e.Message("key")!), e => ValueOf(e.Message("value")!))));
        }
        return CelValue.Null;
    }
}
