using System.Text.RegularExpressions;

namespace Pilothouse.Catalog;

/// <summary>Container image names, as the distribution project defines them: <c>[domain/]path[:tag][@digest]</c>.</summary>
internal static partial class ImageReference
{
    /// <summary>Whether the reference means the tag "latest", said or implied. What is no reference means nothing.</summary>
    public static bool IsLatest(string image)
    {
        // Most say another tag, or a digest: whether the rest is a reference at all does not matter then.
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var named = at < 0 ? image.AsSpan() : image.AsSpan(0, at);
        var colon = named.LastIndexOf(':');
        var tagged = colon > named.LastIndexOf('/');
        if (tagged ? !named[(colon + 1)..].SequenceEqual("latest") : at >= 0)
            return false;
        if (image.Length == 64 && image.All(char.IsAsciiHexDigitLower))
            return false;
        // A first segment that has no dot, no colon and is not "localhost" belongs to the path, and paths are lower case.
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : image[..slash];
        var hasDomain = slash >= 0 && (first.AsSpan().ContainsAny(".:") || first == "localhost" || first.Any(char.IsAsciiLetterUpper));
        var match = hasDomain ? WithDomain().Match(image) : WithoutDomain().Match(image);
        if (!match.Success)
            return false;
        var tag = match.Groups["tag"];
        return tag.Success ? tag.Value == "latest" : !match.Groups["digest"].Success;
    }

    private const string Path = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*";
    private const string Domain = @"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?";
    private const string Rest = @"(?::(?<tag>\w[\w.-]{0,127}))?(?<digest>@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?\z";

    [GeneratedRegex("^" + Domain + "/" + Path + Rest, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex WithDomain();

    [GeneratedRegex("^" + Path + Rest, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex WithoutDomain();
}
