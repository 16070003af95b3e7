namespace Pilothouse.Objects.Tests.Validation;

public sealed class GoUrlTests
{
    [Theory]
    [InlineData("https://a.b:80/x?y=z#f", "https", null, "a.b:80", "/x", "y=z", "f")]
    [InlineData("HTTP://a", "http", null, "a", "", "", "")]
    [InlineData("https://u:p%40@[fe80::1%25en0]:8/x", "https", "u:p%40", "[fe80::1%en0]:8", "/x", "", "")]
    [InlineData("https://u@v@a", "https", "u%40v", "a", "", "", "")]
    [InlineData("mailto:a@b?c", "mailto", null, "", "", "c", "")]
    [InlineData("//a/b", "", null, "a", "/b", "", "")]
    [InlineData("///a/b", "", null, "", "///a/b", "", "")]
    [InlineData("a/b:c", "", null, "", "a/b:c", "", "")]
    [InlineData("", "", null, "", "", "", "")]
    [InlineData("*", "", null, "", "*", "", "")]
    [InlineData("https://h%C3%A9/a%20b#%20", "https", null, "hé", "/a b", "", " ")]
    [InlineData("postgres://a:1,b:2/c", "postgres", null, "a:1,b:2", "/c", "", "")]
    public void Parts_are_those_of_Go(string text, string scheme, string? user, string host, string path, string query, string fragment)
    {
        Assert.Null(GoUrl.Parse(text, out var url));
        Assert.Equal((text, scheme, user, host, path, query, fragment),
            (url!.Text, url.Scheme, url.User, url.Host, url.Path, url.RawQuery, url.Fragment));
    }

    [Theory]
    [InlineData("a\nb", "parse \"a\\nb\": net/url: invalid control character in URL")]
    [InlineData(":x", "parse \":x\": missing protocol scheme")]
    [InlineData(" https://a", "parse \" https://a\": first path segment in URL cannot contain colon")]
    [InlineData("1a:b", "parse \"1a:b\": first path segment in URL cannot contain colon")]
    [InlineData("https://a:b#f", "parse \"https://a:b\": invalid port \":b\" after host")]
    [InlineData("https://a:80:81", "parse \"https://a:80:81\": invalid port \":80:81\" after host")]
    [InlineData("https://[::1", "parse \"https://[::1\": missing ']' in host")]
    [InlineData("https://[::1]x", "parse \"https://[::1]x\": invalid port \"x\" after host")]
    [InlineData("https://[a]", "parse \"https://[a]\": invalid host: ParseAddr(\"a\"): unable to parse IP")]
    [InlineData("https://[10.0.0.1]", "parse \"https://[10.0.0.1]\": invalid IP-literal")]
    [InlineData("https://a b", "parse \"https://a b\": invalid character \" \" in host name")]
    [InlineData("https://a%20b", "parse \"https://a%20b\": invalid URL escape \"%20\"")]
    [InlineData("https://a/%2", "parse \"https://a/%2\": invalid URL escape \"%2\"")]
    [InlineData("https://a/#%zz", "parse \"https://a/#%zz\": invalid URL escape \"%zz\"")]
    [InlineData("https://u<@a", "parse \"https://u<@a\": net/url: invalid userinfo")]
    [InlineData("https://u<@a:b", "parse \"https://u<@a:b\": invalid port \":b\" after host")]
    public void Errors_are_those_of_Go(string text, string? expected) => Assert.Equal(expected, GoUrl.Parse(text, out _));

    [Theory]
    [InlineData("https://a/b#c", null)]
    [InlineData("/a", null)]
    [InlineData("//a:b", null)]
    [InlineData("*", null)]
    [InlineData("", "parse \"\": empty url")]
    [InlineData("a", "parse \"a\": invalid URI for request")]
    [InlineData("https://a#b", "parse \"https://a#b\": invalid character \"#\" in host name")]
    public void A_request_bears_whole_URLs_and_paths(string text, string? expected) => Assert.Equal(expected, GoUrl.ParseRequestUri(text, out _));

    [Theory]
    [InlineData("https://a:80", "a", "80")]
    [InlineData("https://a:", "a", "")]
    [InlineData("https://[::1]:80", "::1", "80")]
    [InlineData("https://[::1]", "::1", "")]
    [InlineData("/a", "", "")]
    public void Hosts_are_split_from_ports(string text, string host, string port)
    {
        Assert.Null(GoUrl.Parse(text, out var url));
        Assert.Equal((host, port), (url!.Hostname, url.Port));
    }

    [Theory]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/a b", "/a%20b")]
    [InlineData("/a%2fb!(c)", "/a%2fb!(c)")]
    [InlineData("/é!", "/%C3%A9%21")]
    [InlineData("*", "*")]
    public void A_path_stays_as_it_was_written_where_it_may(string text, string expected)
    {
        Assert.Null(GoUrl.Parse(text, out var url));
        Assert.Equal(expected, url!.EscapedPath);
    }

    [Fact]
    public void Parameters_that_cannot_be_decoded_are_left_out()
    {
        Assert.Null(GoUrl.Parse("/?a=1&a=+%2B&b&c=%zz&d;e=f&&=g", out var url));
        Assert.Equal([("a", "1"), ("a", " +"), ("b", ""), ("", "g")], url!.Query());
    }
}
