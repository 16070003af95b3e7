using System.Runtime.CompilerServices;

namespace Pilothouse.EndToEnd.Tests.Hosting;

/// <summary>Where the sources are that this was built from: tests read their data there.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "")
    {
        var at = Path.GetDirectoryName(here);
        while (at is not null && !File.Exists(Path.Combine(at, "Pilothouse.slnx")))
            at = Path.GetDirectoryName(at);
        return at ?? throw new InvalidOperationException("Pilothouse.slnx is not above the tests' sources");
    }
}
