using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Presentation;

/// <summary>
/// Objects as rows of a table, which is what kubectl shows: <c>meta.k8s.io Table</c>. A watch's events each hold a table of one
/// row, and only the first says the columns.
/// </summary>
#pragma warning disable CA1001 // the JSON writer writes into buffers of the caller and holds nothing to let go of
public sealed class TableForm : ObjectForm
#pragma warning restore CA1001
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly TablePrinter _printer;
    private readonly string _apiVersion;
    private readonly TableObjects _objects;
    private readonly ObjectForm _whole;
    private readonly TimeProvider _time;
    private readonly byte[] _partialStart;
    private List<(long Key, string Name, byte[] Row)>? _unsorted;
    private bool _columnsWritten;
    private Utf8JsonWriter? _writer;

    /// <param name="printer">The kind's table.</param>
    /// <param name="apiVersion">The version that was asked for: <c>meta.k8s.io/v1</c>, or v1beta1.</param>
    /// <param name="objects">How much of each object goes with its row.</param>
    /// <param name="whole">How whole objects are written, where they go along.</param>
    /// <param name="time">The clock by which ages are told.</param>
    public TableForm(TablePrinter printer, string apiVersion, TableObjects objects, ObjectForm whole, TimeProvider time)
    {
        (_printer, _apiVersion, _objects, _whole, _time) = (printer, apiVersion, objects, whole, time);
        _partialStart = Encoding.UTF8.GetBytes($"{{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"{apiVersion}\",\"metadata\":");
    }

    public override bool NeedsPreparation => _whole.NeedsPreparation;

    public override ValueTask<Status?> PrepareAsync(IEnumerable<CachedObject> objects, CancellationToken cancellationToken) =>
        _whole.PrepareAsync(objects, cancellationToken);

    public override void WriteObject(CachedObject obj, IBufferWriter<byte> output)
    {
        WriteStart(new ListMetadata(obj.Revision), output);
        WriteRow(obj, output);
        output.Write("]}"u8);
    }

    public override void WriteListStart(ListMetadata metadata, IBufferWriter<byte> output)
    {
        WriteStart(metadata, output);
        _unsorted = _printer.SortKey is null ? null : [];
    }

    public override void WriteListItem(CachedObject obj, bool first, IBufferWriter<byte> output)
    {
        if (_unsorted is not null)
        {
            var row = new ArrayBufferWriter<byte>();
            var key = WriteRow(obj, row);
            _unsorted.Add((key, obj.Name, row.WrittenSpan.ToArray()));
            return;
        }
        if (!first)
            output.Write(","u8);
        WriteRow(obj, output);
    }

    public override void WriteListEnd(IBufferWriter<byte> output)
    {
        var first = true;
        foreach (var (_, _, row) in (_unsorted ?? []).OrderBy(r => r.Key).ThenBy(r => r.Name, StringComparer.Ordinal))
        {
            if (!first)
                output.Write(","u8);
            output.Write(row);
            first = false;
        }
        output.Write("]}"u8);
    }

    private void WriteStart(ListMetadata metadata, IBufferWriter<byte> output)
    {
        var text = new StringBuilder(256).Append("{\"kind\":\"Table\",\"apiVersion\":\"").Append(_apiVersion).Append("\",\"metadata\":");
        ListStart.AppendMetadata(text, metadata).Append(",\"columnDefinitions\":");
        Encoding.UTF8.GetBytes(text.ToString(), output);
        if (_columnsWritten)
            output.Write("null"u8);
        else
            WriteColumns(output);
        _columnsWritten = true;
        output.Write(",\"rows\":["u8);
    }

    private void WriteColumns(IBufferWriter<byte> output)
    {
        var writer = Writer(output);
        writer.WriteStartArray();
        foreach (var column in _printer.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteString("type"u8, column.Type);
            writer.WriteString("format"u8, column.Format);
            writer.WriteString("description"u8, column.Description);
            writer.WriteNumber("priority"u8, column.Priority);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
    }

    /// <summary>The one writer of this answer, set to begin anew.</summary>
    private Utf8JsonWriter Writer(IBufferWriter<byte> output)
    {
        if (_writer is null)
            return _writer = new Utf8JsonWriter(output, s_options);
        _writer.Reset(output);
        return _writer;
    }

    /// <summary>Writes one row; returns what it is sorted by, where rows are.</summary>
    private long WriteRow(CachedObject obj, IBufferWriter<byte> output)
    {
        long key;
        using (var document = JsonDocument.Parse(_whole.ShownJson(obj), JsonNodes.Deep))
        {
            var writer = Writer(output);
            key = _printer.SortKey?.Invoke(document.RootElement) ?? 0;
            writer.WriteStartObject();
            _printer.WriteRow(document.RootElement, _time.GetUtcNow(), writer);
            writer.Flush();
        }
        output.Write(",\"object\":"u8);
        switch (_objects)
        {
            case TableObjects.None:
                output.Write("null"u8);
                break;
            case TableObjects.Object:
                _whole.WriteObject(obj, output);
                break;
            default:
                output.Write(_partialStart);
                PartialMetadata.Write(obj, output);
                output.Write("}"u8);
                break;
        }
        output.Write("}"u8);
        return key;
    }
}
