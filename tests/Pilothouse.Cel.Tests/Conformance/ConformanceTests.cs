namespace Pilothouse.Cel.Tests.Conformance;

/// <summary>The language's own test suite. What is excluded is a list with reasons; a case on it that passes is an error too.</summary>
public class ConformanceTests
{
    [Fact]
    public void Every_applicable_case_of_the_suite_passes()
    {
        var failures = new List<string>();
        var run = 0;
        foreach (var test in ConformanceCase.All())
        {
            if (Excluded.ContainsKey(test.Name))
                continue;
            run++;
            string? problem;
            try
            {
                problem = test.Run();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                problem = e.ToString();
            }
            if (problem is not null)
                failures.Add($"{test.Name}: {problem}");
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {run} failed:\n{string.Join('\n', failures)}");
        Assert.True(run >= 1150, $"only {run} cases were run");
    }

    [Fact]
    public void Every_exclusion_names_a_case_and_a_reason()
    {
        var known = ConformanceCase.All().Select(c => c.Name).ToHashSet();
        Assert.All(Excluded, e =>
        {
            Assert.Contains(e.Key, known);
            Assert.NotEmpty(e.Value);
        });
    }

    [Fact]
    public void Cases_with_messages_are_excluded_and_no_case_without_them_is_for_that_reason()
    {
        foreach (var test in ConformanceCase.All())
        {
            if (test.NeedsMessages)
                Assert.True(Excluded.ContainsKey(test.Name), $"{test.Name} needs messages");
            else if (Excluded.TryGetValue(test.Name, out var reason))
                Assert.NotEqual("protobuf message", reason);
        }
    }

    private static Dictionary<string, string> Excluded { get; } = ReadExclusions();

    private static Dictionary<string, string> ReadExclusions()
    {
        using var reader = new StreamReader(typeof(ConformanceTests).Assembly.GetManifestResourceStream("excluded.txt")!);
        return reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1]);
    }
}
