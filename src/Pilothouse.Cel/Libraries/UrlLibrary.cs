using Pilothouse.Objects;
using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>Kubernetes' library of URLs.</summary>
internal static class UrlLibrary
{
    public static CelType Type { get; } = CelStructType.Of("kubernetes.URL");

    public static void AddTo(FunctionTable table)
    {
        table.Add("url", "string_to_url", [CelType.String], Type, (_, a) => Read(a[0].AsString, out GoUrl? url) is { } error
            ? CelValue.Error($"URL parse error during conversion from string: {error}") : CelValue.Of(new UrlValue(url!)));
        table.Add("isURL", "is_url_string", [CelType.String], Bool, (_, a) => CelValue.Of(GoUrl.ParseRequestUri(a[0].AsString, out GoUrl? _) is null));
        Part(table, "getScheme", "url_get_scheme", u => u.Scheme);
        Part(table, "getHost", "url_get_host", u => u.Host);
        Part(table, "getHostname", "url_get_hostname", u => u.Hostname);
        Part(table, "getPort", "url_get_port", u => u.Port);
        Part(table, "getEscapedPath", "url_get_escaped_path", u => u.EscapedPath);
        table.AddMember("getQuery", "url_get_query", [Type], Map(CelType.String, List(CelType.String)), (_, a) =>
        {
            var values = new Dictionary<string, List<CelValue>>();
            foreach (var (key, value) in Get(a[0]).Query())
            {
                if (!values.TryGetValue(key, out var list))
                    values[key] = list = [];
                list.Add(CelValue.Of(value));
            }
            return CelValue.Of(CelMap.Of(values.ToDictionary(p => p.Key, p => CelValue.Of(CelList.Of(p.Value)))));
        });
    }

    /// <summary>A URL must stand as a request's URI, which knows no fragments; its parts are found by reading it anew.</summary>
    private static string? Read(string text, out GoUrl? url) => GoUrl.ParseRequestUri(text, out url) ?? GoUrl.Parse(text, out url);

    private static void Part(FunctionTable table, string function, string id, Func<GoUrl, string> part) =>
        table.AddMember(function, id, [Type], CelType.String, (_, a) => CelValue.Of(part(Get(a[0]))));

    private static GoUrl Get(in CelValue value) => value.AsObjectOf<UrlValue>()!.Url;

    private sealed class UrlValue(GoUrl url) : CelObject
    {
        public GoUrl Url => url;

        public override CelType Type => UrlLibrary.Type;

        public override long Size => url.Text.Length;

        public override bool EqualTo(CelObject other) => ((UrlValue)other).Url.Text == url.Text;

        public override int Hash() => url.Text.GetHashCode(StringComparison.Ordinal);

        public override string ToString() => url.Text;
    }
}
