using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Pilothouse.Catalog;
using Pilothouse.Objects;

namespace Pilothouse.Server.Watching;

/// <summary>
/// Makes <see cref="CachedObject"/>s from what the store holds: one forward scan that finds the metadata, takes labels and
/// selectable fields, and splices resourceVersion in where upstream's order has it.
/// </summary>
public static class CachedObjectReader
{
    private static readonly ConditionalWeakTable<StoredResource, FieldPlan> s_plans = [];

    // As deep as bodies may be, and what the server puts around them.

    private static ReadOnlySpan<byte> CanonicalStart => "{\"kind\":\""u8;

    /// <summary>Reads a stored value.</summary>
    /// <param name="resource">The collection that the key belongs to.</param>
    /// <param name="key">The key, relative to the store's prefix.</param>
    /// <param name="value">JSON, canonical as this server writes it, or any other form of the same object, protobuf too.</param>
    /// <param name="revision">The revision in which the value was written.</param>
    /// <exception cref="UnreadableValueException">The value is no object with metadata that this server could read.</exception>
    public static CachedObject Read(StoredResource resource, string key, ReadOnlyMemory<byte> value, Revision revision)
    {
        try
        {
            var json = StoredValue.ToJson(resource, key, value);
            if (resource.Versions is not null)
            {
                var fitted = StoredValue.Fitted(resource, key, json);
                var custom = ReadCanonical(resource, key, fitted, revision);
                custom.IsStale = !fitted.AsSpan().SequenceEqual(json.Span) && !StoredValue.AreSame(fitted, json.Span);
                return custom;
            }
            var plan = s_plans.GetValue(resource, FieldPlan.For);
            if (IsCompact(json.Span) && TryRead(resource, plan, key, json.Span, revision, out var read))
                return read;
            return TryRead(resource, plan, key, StoredValue.Canonical(resource, key, json), revision, out read)
                ? read
                : throw new UnreadableValueException(key, "it has no metadata");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new UnreadableValueException(key, e.Message);
        }
    }

    /// <summary>Reads bytes that this server has just made: they are canonical, and of a kind that the key need not say.</summary>
    /// <inheritdoc cref="Read(StoredResource, string, ReadOnlyMemory{byte}, Revision)"/>
    public static CachedObject ReadCanonical(StoredResource resource, string key, ReadOnlyMemory<byte> value, Revision revision) =>
        TryRead(resource, s_plans.GetValue(resource.Collection, FieldPlan.For), key, value.Span, revision, out var read)
            ? read
            : throw new UnreadableValueException(key, "it is not canonical");

    /// <summary>The same object with another resourceVersion: what a watcher is told when it was deleted or left a selector.</summary>
    public static CachedObject WithRevision(CachedObject obj, Revision revision)
    {
        Span<byte> old = stackalloc byte[48];
        Span<byte> now = stackalloc byte[48];
        var oldLength = WriteResourceVersion(old, obj.Revision);
        var nowLength = WriteResourceVersion(now, revision);
        var json = obj.Json.Span;
        var at = json[obj.Metadata].IndexOf(old[..oldLength]);
        if (at < 0)
            throw new InvalidOperationException($"{obj.Key} at {obj.Revision} does not show its resourceVersion.");
        at += obj.Metadata.Start.Value;

        var bytes = GC.AllocateUninitializedArray<byte>(json.Length - oldLength + nowLength);
        json[..at].CopyTo(bytes);
        now[..nowLength].CopyTo(bytes.AsSpan(at));
        json[(at + oldLength)..].CopyTo(bytes.AsSpan(at + nowLength));
        return new()
        {
            Key = obj.Key,
            Namespace = obj.Namespace,
            Name = obj.Name,
            Revision = revision,
            Json = bytes,
            BodyOffset = obj.BodyOffset,
            Metadata = obj.Metadata.Start..(obj.Metadata.End.Value + nowLength - oldLength),
            Labels = obj.Labels,
            Fields = obj.Fields,
        };
    }

    /// <summary>Whether an object is what a value would be read as: the value and its resourceVersion, byte for byte.</summary>
    /// <param name="obj">The object.</param>
    /// <param name="value">The value as this server writes it, without a resourceVersion.</param>
    public static bool IsOf(CachedObject obj, ReadOnlySpan<byte> value)
    {
        Span<byte> version = stackalloc byte[48];
        var length = WriteResourceVersion(version, obj.Revision);
        var json = obj.Json.Span;
        var at = json[obj.Metadata].IndexOf(version[..length]);
        if (at < 0)
            return false;
        at += obj.Metadata.Start.Value;
        // With the one comma that came with it: the one before, or behind it when it stands first.
        var (start, end) = json[at - 1] == ',' ? (at - 1, at + length) : (at, at + length + (json[at + length] == ',' ? 1 : 0));
        return value.Length == json.Length - (end - start) && value.StartsWith(json[..start]) && value.EndsWith(json[end..]);
    }

    /// <summary>Begins as our own values do, and is one line: watchers get one event a line.</summary>
    private static bool IsCompact(ReadOnlySpan<byte> json) =>
        json.StartsWith(CanonicalStart) && json.IndexOfAny((byte)'\n', (byte)'\r') < 0;

    private static bool TryRead(
        StoredResource resource, FieldPlan plan, string key, ReadOnlySpan<byte> json, Revision revision, out CachedObject read)
    {
        var scan = new Scan(plan, json);
        if (!scan.Run())
        {
            read = null!;
            return false;
        }

        var bytes = scan.Splice(revision, out var grown);
        var (@namespace, name) = SplitKey(resource, key);
        read = new()
        {
            Key = key,
            Namespace = @namespace,
            Name = name,
            Revision = revision,
            Json = bytes,
            BodyOffset = scan.MetadataProperty,
            Metadata = scan.MetadataStart..(scan.MetadataEnd + grown),
            Labels = scan.Labels,
            Fields = scan.Fields ?? plan.Defaults,
        };
        return true;
    }

    private static (string Namespace, string Name) SplitKey(StoredResource resource, string key)
    {
        var rest = key.AsSpan(resource.KeyPrefix.Length);
        if (!resource.Namespaced || rest.IsEmpty)
            return ("", rest.ToString());
        var slash = rest.IndexOf('/');
        return slash < 0
            ? throw new UnreadableValueException(key, "the key has no namespace")
            : (StringPool.Shared.Get(rest[..slash]), rest[(slash + 1)..].ToString());
    }

    private static int WriteResourceVersion(Span<byte> into, Revision revision)
    {
        var start = "\"resourceVersion\":\""u8;
        start.CopyTo(into);
        Utf8Formatter.TryFormat(revision.Value, into[start.Length..], out var digits);
        into[start.Length + digits] = (byte)'"';
        return start.Length + digits + 1;
    }

    /// <summary>One pass over an object, and what it found.</summary>
    private ref struct Scan(FieldPlan plan, ReadOnlySpan<byte> json)
    {
        private readonly ReadOnlySpan<byte> _json = json;
        private int[]? _ranks;

        /// <summary>Where resourceVersion goes: behind uid, or what stands before it in upstream's order.</summary>
        private int _splice = -1;

        /// <summary>A resourceVersion that is in the value already, with the comma before or behind it.</summary>
        private Range _stale = 0..0;

        public int MetadataProperty;
        public int MetadataStart;
        public int MetadataEnd;
        public string[] Labels = [];
        public string[]? Fields;

        /// <summary>False when the object is not in canonical order (kind, apiVersion, metadata), or is of another version.</summary>
        public bool Run()
        {
            var reader = new Utf8JsonReader(_json, JsonNodes.DeepReader);
            reader.Read();
            var isKind = false;
            for (var place = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; place++)
            {
                if (place < 3 && !reader.ValueTextEquals(place switch { 0 => "kind"u8, 1 => "apiVersion"u8, _ => "metadata"u8 }))
                    return false;
                if (place == 2)
                {
                    ReadMetadata(ref reader);
                }
                else if (place < 2)
                {
                    reader.Read();
                    // Answers of another kind than the resource's, such as a Scale, are of what version they say.
                    if (place == 0)
                        isKind = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(plan.Kind);
                    else if (isKind && !plan.AnyVersion && (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals(plan.ApiVersion)))
                        return false;
                    reader.Skip();
                }
                else if (plan.Root.Child(ref reader) is { } node)
                {
                    Follow(ref reader, node);
                }
                else
                {
                    reader.Skip();
                }
            }
            return MetadataEnd > 0;
        }

        public readonly byte[] Splice(Revision revision, out int grown)
        {
            Span<byte> text = stackalloc byte[48];
            var length = 0;
            var first = _splice < 0;
            if (!first)
                text[length++] = (byte)',';
            length += WriteResourceVersion(text[length..], revision);
            var at = first ? MetadataStart + 1 : _splice;

            var (staleStart, staleLength) = _stale.GetOffsetAndLength(_json.Length);
            if (first && _json[at..].TrimStart((byte)' ')[0] != '}' && at + staleLength != MetadataEnd - 1)
                text[length++] = (byte)',';
            grown = length - staleLength;
            var bytes = GC.AllocateUninitializedArray<byte>(_json.Length + grown);
            _json[..at].CopyTo(bytes);
            text[..length].CopyTo(bytes.AsSpan(at));
            var to = at + length;
            if (staleLength > 0)
            {
                // What is stale stands behind the splice: name, namespace and uid come first.
                var keep = _json[at..staleStart];
                keep.CopyTo(bytes.AsSpan(to));
                to += keep.Length;
                at = staleStart + staleLength;
            }
            _json[at..].CopyTo(bytes.AsSpan(to));
            return bytes;
        }

        private void ReadMetadata(ref Utf8JsonReader reader)
        {
            MetadataProperty = (int)reader.TokenStartIndex;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("metadata is no object");
            MetadataStart = (int)reader.TokenStartIndex;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var start = (int)reader.TokenStartIndex;
                if (reader.ValueTextEquals("labels"u8))
                {
                    ReadLabels(ref reader);
                }
                else if (reader.ValueTextEquals("resourceVersion"u8))
                {
                    reader.Skip();
                    var end = (int)reader.BytesConsumed;
                    // With one comma: the one behind it if it comes first, else the one before.
                    _stale = _json[start - 1] == ',' ? (start - 1)..end : start..(_json[end] == ',' ? end + 1 : end);
                }
                else
                {
                    var before = reader.ValueTextEquals("name"u8) || reader.ValueTextEquals("generateName"u8)
                        || reader.ValueTextEquals("namespace"u8) || reader.ValueTextEquals("selfLink"u8) || reader.ValueTextEquals("uid"u8);
                    reader.Skip();
                    if (before && _stale.Equals(0..0))
                        _splice = (int)reader.BytesConsumed;
                }
            }
            MetadataEnd = (int)reader.BytesConsumed;
        }

        private void ReadLabels(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return;
            var labels = new List<string>(8);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                labels.Add(Text(ref reader));
                reader.Read();
                labels.Add(reader.TokenType == JsonTokenType.String ? Text(ref reader) : "");
            }
            Labels = [.. labels];
        }

        /// <summary>Takes what a property holds for the fields that look there; the reader stands on its name.</summary>
        private void Follow(ref Utf8JsonReader reader, FieldPlan.Node node)
        {
            reader.Read();
            FollowValue(ref reader, node);
        }

        private void FollowValue(ref Utf8JsonReader reader, FieldPlan.Node node)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when node.HasChildren:
                    while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    {
                        if (node.Child(ref reader) is { } child)
                            Follow(ref reader, child);
                        else
                            reader.Skip();
                    }
                    break;
                case JsonTokenType.StartArray when node.FirstElement is { } first:
                    for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                    {
                        if (index == 0)
                            FollowValue(ref reader, first);
                        else
                            reader.Skip();
                    }
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    reader.Skip();
                    break;
                case JsonTokenType.Null:
                    break;
                default:
                    Take(ref reader, node);
                    break;
            }
        }

        private void Take(ref Utf8JsonReader reader, FieldPlan.Node node)
        {
            if (node.Targets.Count == 0)
                return;
            var text = reader.TokenType switch
            {
                JsonTokenType.True => "true",
                JsonTokenType.False => "false",
                _ => Text(ref reader),
            };
            if (text.Length == 0)
                return;
            foreach (var (field, rank) in node.Targets)
            {
                Fields ??= [.. plan.Defaults];
                _ranks ??= new int[plan.Defaults.Length];
                // Ranks are kept shifted by one, so that 0 means "not found yet".
                if (_ranks[field] == 0 || rank + 1 < _ranks[field])
                {
                    Fields[field] = text;
                    _ranks[field] = rank + 1;
                }
            }
        }

        private static string Text(ref Utf8JsonReader reader) =>
            reader.ValueIsEscaped ? reader.GetString()! : StringPool.Shared.Get(reader.ValueSpan);
    }
}
