using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pilothouse.Objects;

namespace Pilothouse.Server.Requests;

/// <summary>
/// Reads from method, path and query what a request is for (upstream: RequestInfoFactory). Authorization and dispatch both use
/// the result, and nothing else reads the path: what is authorized is what is done. The path is taken as it was sent, is
/// percent-decoded once, and dot segments in it are names like any other.
/// </summary>
public static class RequestInfoParser
{
    /// <summary>Parses the request line. A failure when the path is not decodable.</summary>
    public static Outcome<RequestInfo> Parse(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        string? path;
        if (target.Length > 0 && target[0] == '/')
        {
            var question = target.IndexOf('?');
            path = Decode(question < 0 ? target : target[..question]);
        }
        else
        {
            // The absolute and asterisk forms, and hosts that give no raw target.
            path = http.Request.Path.Value ?? "/";
        }
        if (path is null)
            return Status.BadRequest("the request path is not validly percent-encoded");
        return Parse(http.Request.Method, path, http.Request.QueryString.HasValue ? http.Request.Query : null);
    }

    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The decoded path.</param>
    /// <param name="query">The query parameters; null for none.</param>
    public static RequestInfo Parse(string method, string path, IQueryCollection? query)
    {
        var parts = new PathParts(path);
        // /api/VERSION/RESOURCE… or /apis/GROUP/VERSION/RESOURCE…; all shorter paths are no resources.
        var prefix = parts.Count >= 3 ? parts.Next() : "";
        var grouped = prefix == "apis";
        if ((prefix != "api" && !grouped) || (grouped && parts.Left < 3))
            return new() { IsResourceRequest = false, Path = path, Verb = LowerMethod(method) };
        var group = grouped ? parts.Next() : "";
        var version = parts.Next();

        var verb = VerbOf(method);
        var watchPath = false;
        var proxyPath = false;
        if (parts.Left >= 2 && (parts.Peek("watch") || parts.Peek("proxy")))
        {
            verb = parts.Next();
            watchPath = verb == "watch";
            proxyPath = !watchPath;
        }

        var @namespace = "";
        if (parts.Left > 1 && parts.Peek("namespaces"))
        {
            @namespace = parts.At(1);
            // /namespaces/x/pods is about pods; /namespaces/x, /namespaces/x/status and …/finalize about the namespace.
            if (parts.Left > 2 && parts.At(2) is not ("status" or "finalize"))
                parts.Skip(2);
        }

        var resource = parts.Next();
        var name = parts.Left > 0 ? parts.Next() : "";
        var subresource = parts.Left > 0 && !proxyPath ? parts.Next() : "";
        var rest = parts.Rest();
        var nameInPath = name.Length > 0;
        if (name.Length == 0 && verb == "get")
        {
            verb = IsTrue(query, "watch") ? "watch" : "list";
            name = NameInSelector(query);
        }
        else if (name.Length == 0 && watchPath)
        {
            name = NameInSelector(query);
        }
        else if (name.Length == 0 && verb == "delete")
        {
            verb = "deletecollection";
        }
        // The deprecated paths are about selectors some of the time only: there they count for nothing.
        var selects = !watchPath && !proxyPath && (verb is "list" or "watch" or "deletecollection");
        return new()
        {
            IsResourceRequest = true,
            Path = path,
            Verb = verb,
            ApiPrefix = prefix,
            Group = group,
            Version = version,
            Namespace = @namespace,
            Resource = resource,
            Subresource = subresource,
            Name = name,
            NameInPath = nameInPath,
            Rest = rest,
            FieldSelector = selects ? First(query, "fieldSelector") : "",
            LabelSelector = selects ? First(query, "labelSelector") : "",
            IsDeprecatedWatchPath = watchPath,
            HasEmptySegments = parts.HasEmpty,
        };
    }

    /// <summary>A boolean parameter as upstream reads it: given and neither "false" nor "0".</summary>
    private static bool IsTrue(IQueryCollection? query, string name) =>
        query?.Flag(name) ?? false;

    private static string First(IQueryCollection? query, string name) =>
        query?.First(name) ?? "";

    private static string VerbOf(string method) => method switch
    {
        "GET" or "HEAD" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => "",
    };

    private static string LowerMethod(string method) => method switch
    {
        "GET" => "get",
        "POST" => "post",
        "HEAD" => "head",
        _ => method.ToLowerInvariant(),
    };

    /// <summary>The name to which a field selector narrows a list: lists of one name are authorized by that name.</summary>
    private static string NameInSelector(IQueryCollection? query)
    {
        if (query is null || !query.TryGetValue("fieldSelector", out var values) || values.Count == 0 || values[0] is not { } selector)
            return "";
        // What needs escapes is no name.
        if (selector.Contains('\\'))
            return "";
        foreach (var part in selector.AsSpan().Split(','))
        {
            var requirement = selector.AsSpan(part);
            if (!requirement.StartsWith("metadata.name="))
                continue;
            var value = requirement["metadata.name=".Length..];
            if (value.StartsWith("="))
                value = value[1..];
            return value is "." or ".." || value.ContainsAny('/', '%') ? "" : value.ToString();
        }
        return "";
    }

    /// <summary>Percent-decodes once; null when it is malformed. Bytes that are no UTF-8 become replacement characters.</summary>
    internal static string? Decode(string path)
    {
        var first = path.IndexOf('%');
        if (first < 0)
            return path;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length)];
        var length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%')
            {
                length += Encoding.UTF8.GetBytes(path.AsSpan(i, 1), bytes.AsSpan(length));
                continue;
            }
            if (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2]))
                return null;
            bytes[length++] = Convert.FromHexString(path.AsSpan(i + 1, 2))[0];
            i += 2;
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>The segments of a path, leading and trailing slashes aside, taken one after the other.</summary>
    private ref struct PathParts
    {
        private readonly ReadOnlySpan<char> _path;
        private int _at;

        public PathParts(string path)
        {
            _path = path.AsSpan().Trim('/');
            Count = _path.IsEmpty ? 0 : _path.Count('/') + 1;
            Left = Count;
            HasEmpty = _path.IndexOf("//") >= 0;
        }

        public readonly int Count { get; }

        public readonly bool HasEmpty { get; }

        public int Left { get; private set; }

        public readonly bool Peek(string expected) => Segment(_at).SequenceEqual(expected);

        public readonly string At(int ahead)
        {
            var at = _at;
            for (; ahead > 0; ahead--)
                at += Segment(at).Length + 1;
            return Segment(at).ToString();
        }

        public string Next()
        {
            if (Left == 0)
                return "";
            var segment = Segment(_at);
            _at += segment.Length + 1;
            Left--;
            return segment.ToString();
        }

        public void Skip(int count)
        {
            for (; count > 0 && Left > 0; count--, Left--)
                _at += Segment(_at).Length + 1;
        }

        public readonly string Rest() => Left == 0 ? "" : _path[_at..].ToString();

        private readonly ReadOnlySpan<char> Segment(int at)
        {
            var rest = _path[at..];
            var slash = rest.IndexOf('/');
            return slash < 0 ? rest : rest[..slash];
        }
    }
}
