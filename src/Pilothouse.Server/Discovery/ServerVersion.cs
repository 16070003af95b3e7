using System.Reflection;
using System.Runtime.InteropServices;

namespace Pilothouse.Server.Discovery;

/// <summary>What <c>/version</c> says: the Kubernetes version that is spoken, and how this program was built.</summary>
public sealed record ServerVersion
{
    public string Major { get; init; } = "1";

    public string Minor { get; init; } = "36";

    /// <summary>The oldest version whose peers it works with.</summary>
    public string MinCompatibilityMinor { get; init; } = "35";

    /// <summary>Clients read the part before the plus sign as a Kubernetes version.</summary>
    public required string GitVersion { get; init; }

    public string GitCommit { get; init; } = "";

    public required string Runtime { get; init; }

    public required string Compiler { get; init; }

    public required string Platform { get; init; }

    /// <summary>This program.</summary>
    public static ServerVersion Current { get; } = Of(typeof(ServerVersion).Assembly);

    private static ServerVersion Of(Assembly assembly)
    {
        // "1.36.0+COMMIT", the commit only in builds from a repository.
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "1.36.0";
        var plus = version.IndexOf('+');
        return new()
        {
            GitVersion = $"v{(plus < 0 ? version : version[..plus])}+pilothouse",
            GitCommit = plus < 0 ? "" : version[(plus + 1)..],
            Runtime = RuntimeInformation.FrameworkDescription,
            Compiler = "roslyn",
            Platform = $"{System()}/{Architecture()}",
        };
    }

    // In Go's words, which is what clients compare with.
    private static string System() =>
        OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";

    private static string Architecture() => RuntimeInformation.ProcessArchitecture switch
    {
        global::System.Runtime.InteropServices.Architecture.X64 => "amd64",
        global::System.Runtime.InteropServices.Architecture.X86 => "386",
        var other => other.ToString().ToLowerInvariant(),
    };
}
