namespace Pilothouse.Server.Authorization;

/// <summary>Several errors as one text, as apimachinery's aggregates print them: each once, in brackets if there are several.</summary>
internal static class ErrorList
{
    public static string Join(IReadOnlyCollection<string> errors)
    {
        var distinct = errors.Distinct().ToList();
        return distinct.Count switch
        {
            0 => "",
            1 => distinct[0],
            _ => $"[{string.Join(", ", distinct)}]",
        };
    }
}
