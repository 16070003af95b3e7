using System.Globalization;
using System.Runtime.InteropServices;

namespace Pilothouse.Hosting;

/// <summary>
/// The pages of the program's own file that the start has touched. Most of them are of no use afterwards: code that runs once, and
/// data from which the runtime has made its own. Given back, they count no longer as this process's memory; those that are needed
/// again come back from the system's cache of files.
/// </summary>
internal static partial class ProgramPages
{
    private const int DontNeed = 4;

    /// <summary>Gives back what is as it stands in the file. Does nothing on other systems than Linux.</summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessPath is not { } program)
            return;
        foreach (var (start, length) in CleanMappings(File.ReadLines("/proc/self/smaps"), program))
        {
            // Advice: whether it is taken changes nothing but the figures.
            _ = Advise(start, length, DontNeed);
        }
    }

    /// <summary>The mappings of a file that cannot be written, and in which nothing has been, such as relocated addresses.</summary>
    internal static IEnumerable<(nint Start, nuint Length)> CleanMappings(IEnumerable<string> smaps, string file)
    {
        (nint Start, nuint Length)? current = null;
        foreach (var line in smaps)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["Anonymous:", var written, ..] && current is { } found)
            {
                if (written == "0")
                    yield return found;
                current = null;
            }
            else if (words is [var range, var rights, _, _, _, ..] && range.Split('-') is [var from, var to])
            {
                var isOurs = rights.AsSpan() is ['r', not 'w', ..] && line.EndsWith(" " + file, StringComparison.Ordinal);
                var start = isOurs ? nint.Parse(from, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : 0;
                current = isOurs ? (start, (nuint)(nint.Parse(to, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) - start)) : null;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);
}
