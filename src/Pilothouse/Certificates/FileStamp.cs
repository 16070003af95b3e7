namespace Pilothouse.Certificates;

/// <summary>What tells whether files have changed: their times and sizes.</summary>
internal static class FileStamp
{
    public static (long, long, long, long) Of(string first, string second = "")
    {
        var a = Of(first);
        var b = second.Length > 0 ? Of(second) : default;
        return (a.Time, a.Size, b.Time, b.Size);
    }

    private static (long Time, long Size) Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc.Ticks, file.Length) : default;
    }
}
