using System.Diagnostics.CodeAnalysis;
using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Schemas;

/// <summary>
/// Types read from their text form, each when it is first asked for: a server that starts pays only for an index of names.
/// The form is described at the top of the text itself. Types are interned, so that one type is one <see cref="SchemaType"/>.
/// Safe for concurrent use.
/// </summary>
public sealed class SchemaLibrary
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly Dictionary<string, Range> _blocks = new(1024, StringComparer.Ordinal);

    // Guards the table below, and the reading of types.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SchemaType> _types = new(StringComparer.Ordinal);

    /// <param name="text">UTF-8; must not change while the library lives.</param>
    public SchemaLibrary(ReadOnlyMemory<byte> text)
    {
        _text = text;
        Index(text.Span);
    }

    /// <summary>The names of all definitions, in the text's order.</summary>
    public IReadOnlyCollection<string> Definitions => _blocks.Keys;

    /// <summary>The type of a definition, <c>io.k8s.api.core.v1.Pod</c>.</summary>
    public bool TryGet(string definition, [MaybeNullWhen(false)] out SchemaType type)
    {
        lock (_gate)
        {
            if (_types.TryGetValue(definition, out type))
                return true;
            if (!_blocks.ContainsKey(definition))
                return false;
            type = Resolve(definition);
            return true;
        }
    }

    /// <summary>The type of a definition that must exist.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SchemaType Get(string definition) =>
        TryGet(definition, out var type) ? type : throw new KeyNotFoundException($"No type {definition} in the library.");

    /// <summary>Called by a struct when its properties are first looked at; they are read once, whoever asks meanwhile.</summary>
    internal SchemaProperties Load(SchemaType type, ref SchemaProperties? loaded)
    {
        lock (_gate)
        {
            if (loaded is not null)
                return loaded;
            var block = _text.Span[_blocks[type.Definition]];
            var properties = new List<SchemaProperty>();
            foreach (var line in block.Split((byte)'\n'))
            {
                if (block[line] is [(byte)' ', ..] property)
                    properties.Add(ReadProperty(Encoding.UTF8.GetString(property)));
            }
            return loaded = new SchemaProperties(properties);
        }
    }

    private void Index(ReadOnlySpan<byte> text)
    {
        var start = text.StartsWith("type "u8) ? 0 : text.IndexOf("\ntype "u8) + 1;
        while (start < text.Length)
        {
            var length = text[start..].IndexOf("\ntype "u8) + 1;
            var end = length == 0 ? text.Length : start + length;
            var name = text[(start + "type ".Length)..end];
            _blocks.Add(Encoding.UTF8.GetString(name[..name.IndexOf((byte)' ')]), start..end);
            start = end;
        }
    }

    private SchemaType Resolve(string expression)
    {
        if (_types.TryGetValue(expression, out var known))
            return known;
        var made = expression switch
        {
            "string" => Scalar(SchemaKind.String, "string"),
            "int32" => Scalar(SchemaKind.Integer, "int32", "int32"),
            "int64" => Scalar(SchemaKind.Integer, "int64", "int64"),
            "double" => Scalar(SchemaKind.Number, "float64", "double"),
            "bool" => Scalar(SchemaKind.Boolean, "bool"),
            "bytes" => Scalar(SchemaKind.Bytes, "[]uint8", "byte"),
            "any" or "object" => Scalar(SchemaKind.Any, "interface {}"),
            _ when expression.StartsWith("[]", StringComparison.Ordinal) => ListOf(Resolve(expression[2..])),
            _ when expression.StartsWith("map[]", StringComparison.Ordinal) => MapOf(Resolve(expression[5..])),
            _ => ReadHeader(expression),
        };
        _types.Add(expression, made);
        return made;
    }

    private static SchemaType Scalar(SchemaKind kind, string goType, string format = "") =>
        new() { Kind = kind, GoType = goType, Format = format };

    private static SchemaType ListOf(SchemaType element) =>
        new() { Kind = SchemaKind.List, GoType = "[]" + element.GoType, Element = element };

    // The one map of quantities has a name of its own in Go, and that is what errors print.
    private static SchemaType MapOf(SchemaType element) => new()
    {
        Kind = SchemaKind.Map,
        GoType = element.Kind == SchemaKind.Quantity ? "v1.ResourceList" : "map[string]" + element.GoType,
        Element = element,
    };

    private SchemaType ReadHeader(string definition)
    {
        if (!_blocks.TryGetValue(definition, out var range))
            throw new InvalidDataException($"The schema text refers to the type {definition}, which it does not have.");
        var block = _text.Span[range];
        var words = Encoding.UTF8.GetString(block[..block.IndexOf((byte)'\n')]).Split(' ');
        var kinds = new List<GroupVersionKind>();
        var unions = new List<string>();
        var mapType = "";
        var unpublished = false;
        foreach (var word in words.AsSpan(4))
        {
            if (After(word, "kind=") is { } kind)
            {
                var parts = kind.Split('/');
                kinds.Add(new GroupVersionKind(parts[0], parts[1], parts[2]));
            }
            else if (After(word, "union=") is { } union)
            {
                unions.Add(union);
            }
            else if (After(word, "map=") is { } map)
            {
                mapType = map;
            }
            else if (word == "unpublished")
            {
                unpublished = true;
            }
        }
        var (form, format) = Form(words[2]);
        return new SchemaType
        {
            Definition = definition,
            Kind = form,
            Format = format,
            GoType = words[3],
            GoName = words[3][(words[3].LastIndexOf('.') + 1)..],
            Kinds = kinds,
            Unions = unions,
            MapType = mapType,
            Unpublished = unpublished,
            IsFieldSet = words[2] == "fields",
            Library = form == SchemaKind.Struct ? this : null,
        };
    }

    private static (SchemaKind Kind, string Format) Form(string word) => word switch
    {
        "struct" => (SchemaKind.Struct, ""),
        "quantity" => (SchemaKind.Quantity, ""),
        "intorstring" => (SchemaKind.IntOrString, "int-or-string"),
        "time" => (SchemaKind.Time, "date-time"),
        "microtime" => (SchemaKind.MicroTime, "date-time"),
        "duration" => (SchemaKind.Duration, ""),
        "embedded" => (SchemaKind.Embedded, ""),
        _ => (SchemaKind.Any, ""),
    };

    private SchemaProperty ReadProperty(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var expression = words[1].AsSpan();
        var pointer = expression[0] == '*';
        var required = false;
        var omit = Omission.Never;
        string? @default = null;
        string listType = "", mapType = "", patchStrategy = "", patchMergeKey = "", number = "";
        string? goType = null;
        string[] keys = [];
        string[]? values = null;
        foreach (var word in words.AsSpan(2))
        {
            if (word == "required")
            {
                required = true;
            }
            else if (word == "omitempty")
            {
                omit = Omission.Empty;
            }
            else if (word == "omitzero")
            {
                omit = Omission.Zero;
            }
            else if (word[0] == '#')
            {
                number = word[1..];
            }
            else if (After(word, "default=") is { } json)
            {
                @default = json;
            }
            else if (After(word, "list=") is { } list)
            {
                var open = list.IndexOf('(', StringComparison.Ordinal);
                listType = open < 0 ? list : list[..open];
                if (open >= 0)
                    keys = list[(open + 1)..^1].Split(',');
            }
            else if (After(word, "map=") is { } map)
            {
                mapType = map;
            }
            else if (After(word, "patch=") is { } strategy)
            {
                patchStrategy = strategy;
            }
            else if (After(word, "merge=") is { } key)
            {
                patchMergeKey = key;
            }
            else if (After(word, "go=") is { } named)
            {
                goType = named;
            }
            else if (After(word, "enum=") is { } @enum)
            {
                values = [.. @enum.Split('|').Select(Uri.UnescapeDataString)];
            }
        }
        return new SchemaProperty
        {
            Name = words[0],
            Type = Narrow(Resolve((pointer ? expression[1..] : expression).ToString()), values, goType),
            Pointer = pointer,
            Required = required,
            Omit = omit,
            Default = @default,
            ListType = listType,
            ListMapKeys = keys,
            MapType = mapType,
            PatchStrategy = patchStrategy,
            PatchMergeKey = patchMergeKey,
            ProtobufNumber = number,
        };
    }

    /// <summary>The type with its innermost scalars limited to some values, and under a name of their own in Go.</summary>
    private static SchemaType Narrow(SchemaType type, string[]? values, string? goType)
    {
        if (values is null && goType is null)
            return type;
        if (type.Element is not { } element)
            return new SchemaType { Kind = type.Kind, GoType = goType ?? type.GoType, Format = type.Format, Enum = values ?? [] };
        var narrow = Narrow(element, values, goType);
        return type.Kind == SchemaKind.List ? ListOf(narrow) : MapOf(narrow);
    }

    private static string? After(string word, string prefix) =>
        word.StartsWith(prefix, StringComparison.Ordinal) ? word[prefix.Length..] : null;
}
