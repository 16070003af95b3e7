namespace Pilothouse.Server.Discovery;

/// <summary>One clause of an Accept header: <c>application/json;g=apidiscovery.k8s.io;v=v2;q=0.9</c>.</summary>
/// <param name="Type">The media type in lower case, without parameters; <c>*/*</c> and <c>application/*</c> are possible.</param>
/// <param name="Parameters">Parameters as they were sent, q left out.</param>
/// <param name="Quality">q, 1 unless given.</param>
internal sealed record MediaClause(string Type, IReadOnlyDictionary<string, string> Parameters, double Quality)
{
    /// <summary>The clauses, the most wanted first; of equally wanted ones the order of the header counts. No header wants anything.</summary>
    public static IReadOnlyList<MediaClause> Parse(string? accept)
    {
        if (string.IsNullOrWhiteSpace(accept))
            return [new("*/*", new Dictionary<string, string>(), 1)];
        var clauses = new List<MediaClause>();
        foreach (var text in accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = text.Split(';', StringSplitOptions.TrimEntries);
            var quality = 1.0;
            var parameters = new Dictionary<string, string>();
            foreach (var parameter in parts.Skip(1))
            {
                var equals = parameter.IndexOf('=');
                if (equals < 0)
                    continue;
                var name = parameter[..equals].Trim().ToLowerInvariant();
                var value = parameter[(equals + 1)..].Trim().Trim('"');
                if (name == "q")
                    quality = double.TryParse(value, out var q) ? q : 1;
                else
                    parameters[name] = value;
            }
            clauses.Add(new(parts[0] == "*" ? "*/*" : parts[0].ToLowerInvariant(), parameters, quality));
        }
        // OrderBy is stable.
        return [.. clauses.OrderByDescending(c => c.Quality).ThenByDescending(c => Specificity(c.Type))];
    }

    /// <summary>Whether an answer of this type, without parameters, satisfies the clause.</summary>
    public bool Covers(string mediaType) =>
        Type == mediaType || Type == "*/*"
        || (Type.EndsWith("/*", StringComparison.Ordinal) && mediaType.StartsWith(Type[..^1], StringComparison.Ordinal));

    private static int Specificity(string type) => type == "*/*" ? 0 : type.EndsWith("/*", StringComparison.Ordinal) ? 1 : 2;
}
