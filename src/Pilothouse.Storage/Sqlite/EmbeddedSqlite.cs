using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace Pilothouse.Storage.Sqlite;

/// <summary>
/// Loads SQLite's library out of the program itself where it was published as one file (see EmbeddedSqlite.targets): through a
/// file in memory, so that nothing is left on disk. Everywhere else the library is found beside the program as usual.
/// </summary>
internal static partial class EmbeddedSqlite
{
    private const string Resource = "libe_sqlite3.so";
    private const string ImportName = "e_sqlite3";
    private const uint CloseOnExec = 1;

    private static readonly Lazy<bool> Registered = new(Register);

    /// <summary>Must come before the first use of SQLite.</summary>
    public static void Use() => _ = Registered.Value;

    private static bool Register()
    {
        if (Assembly.GetEntryAssembly() is not { } program || program.GetManifestResourceInfo(Resource) is null)
            return false;
        var library = new Lazy<nint>(() => Load(program));
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == ImportName ? library.Value : 0);
        return true;
    }

    private static nint Load(Assembly program)
    {
        var descriptor = CreateMemoryFile(Resource, CloseOnExec);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "no memory file for SQLite's library");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        using (var content = program.GetManifestResourceStream(Resource)!)
        {
            var bytes = new byte[content.Length];
            content.ReadExactly(bytes);
            RandomAccess.Write(handle, bytes, 0);
        }
        return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);
}
