using System.Text;
using Pilothouse.Objects;

namespace Pilothouse.Server.Authentication;

/// <summary>Reads a file of static tokens: lines of <c>token,user,uid,"group1,group2"</c>; the groups may be left out.</summary>
public static class TokenFile
{
    /// <summary>The users by token; what is wrong is told with the number of its line, and the tokens themselves never are.</summary>
    public static (IReadOnlyDictionary<string, UserInfo> Users, IReadOnlyList<string> Faults) Parse(string text)
    {
        var users = new Dictionary<string, UserInfo>(StringComparer.Ordinal);
        List<string> faults = [];
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r');
            if (line.Length == 0)
                continue;
            var fields = Fields(line);
            if (fields is null)
                faults.Add($"line {number}: a quote is not closed");
            else if (fields.Count < 3)
                faults.Add($"line {number}: expected at least 3 columns (token, user name, user uid), found {fields.Count}");
            else if (fields[0].Length == 0)
                faults.Add($"line {number}: the token is empty");
            else
                users[fields[0]] = User(fields);
        }
        return (users, faults);
    }

    private static UserInfo User(List<string> fields)
    {
        var groups = fields.Count < 4 ? [] : fields[3].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(fields[1], fields[2], [.. groups, UserInfo.Authenticated]);
    }

    /// <summary>One line of comma-separated values; null if a quote stays open.</summary>
    private static List<string>? Fields(string line)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        var quoted = false;
        var start = true;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted)
            {
                if (c != '"')
                    field.Append(c);
                else if (i + 1 < line.Length && line[i + 1] == '"')
                    field.Append(line[++i]);
                else
                    quoted = false;
            }
            else if (c == '"' && start)
            {
                quoted = true;
                start = false;
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
                start = true;
            }
            else if (c != ' ' || !start)
            {
                field.Append(c);
                start = false;
            }
        }
        fields.Add(field.ToString());
        return quoted ? null : fields;
    }
}
