using System.Globalization;
using System.IO.Compression;

namespace Pilothouse.Server.Auditing;

/// <summary>
/// The audit log: an event a line, appended. A file that has grown to its limit is renamed,
/// <c>audit-2026-01-31T12-30-00.000.log</c>, and a new one begun; old ones go by number and age.
/// </summary>
public sealed class AuditLogFile : IAuditSink
{
    private const string StampFormat = "yyyy-MM-dd'T'HH-mm-ss.fff";
    private static readonly byte[] s_newLine = "\n"u8.ToArray();

    private readonly AuditLogOptions _options;
    private readonly TimeProvider _time;
    private readonly string _directory;
    private readonly string _stem;
    private readonly string _extension;
    private Stream? _file;
    private long _length;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    public AuditLogFile(AuditLogOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _directory = Path.GetDirectoryName(Path.GetFullPath(options.Path))!;
        _extension = Path.GetExtension(options.Path);
        _stem = Path.GetFileNameWithoutExtension(options.Path);
        _file = Open();
    }

    public string Name => "log";

    public async ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        foreach (var json in events)
        {
            var line = _options.Legacy ? AuditLegacyLine.Of(json) : json;
            if (_options.MaxSize > 0 && _options.Path != "-" && _length > 0 && _length + line.Length + 1 > (long)_options.MaxSize << 20)
                await RotateAsync();
            _file ??= Open();
            await _file.WriteAsync(line, cancellationToken);
            await _file.WriteAsync(s_newLine, CancellationToken.None);
            _length += line.Length + 1;
        }
        if (_file is not null)
            await _file.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? default;

    private Stream Open()
    {
        if (_options.Path == "-")
            return Console.OpenStandardOutput();
        Directory.CreateDirectory(_directory);
        var how = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete };
        // Who did what is nobody else's business.
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(_options.Path, how);
        _length = file.Length;
        return file;
    }

    private async Task RotateAsync()
    {
        if (_file is not null)
            await _file.DisposeAsync();
        _file = null;
        var stamp = _time.GetUtcNow().ToString(StampFormat, CultureInfo.InvariantCulture);
        var old = Path.Combine(_directory, $"{_stem}-{stamp}{_extension}");
        File.Move(_options.Path, old, overwrite: false);
        if (_options.Compress)
            await CompressAsync(old);
        Clean();
    }

    private static async Task CompressAsync(string path)
    {
        await using (var source = File.OpenRead(path))
        await using (var target = File.Create(path + ".gz"))
        await using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            await source.CopyToAsync(gzip);
        File.Delete(path);
    }

    private void Clean()
    {
        var old = new List<(string Path, DateTimeOffset Time)>();
        foreach (var path in Directory.EnumerateFiles(_directory, $"{_stem}-*"))
        {
            var name = Path.GetFileName(path);
            if (name.EndsWith(".gz", StringComparison.Ordinal))
                name = name[..^3];
            if (name.Length == _stem.Length + 1 + 23 + _extension.Length && name.EndsWith(_extension, StringComparison.Ordinal)
                && DateTimeOffset.TryParseExact(
                    name.AsSpan(_stem.Length + 1, 23), StampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                old.Add((path, time));
            }
        }
        var oldest = _time.GetUtcNow() - TimeSpan.FromDays(_options.MaxAge);
        var place = 0;
        foreach (var (path, time) in old.OrderByDescending(o => o.Time))
        {
            if ((_options.MaxBackups > 0 && ++place > _options.MaxBackups) || (_options.MaxAge > 0 && time < oldest))
                File.Delete(path);
        }
    }
}
