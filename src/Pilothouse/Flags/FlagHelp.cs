using System.Text;

namespace Pilothouse.Flags;

/// <summary>What <c>--help</c> prints.</summary>
internal static class FlagHelp
{
    private const int Indent = 8;
    private const int Width = 100;

    public static string Text()
    {
        var text = new StringBuilder("""
            Pilothouse serves the Kubernetes API. Without flags: on https://127.0.0.1:6443, stored below ~/.pilothouse,
            with certificates and an admin kubeconfig that are made at the first start.

            Usage:
              pilothouse [flags]


            """);
        foreach (var group in FlagTable.All.Where(f => f.HasEffect).GroupBy(f => f.Group))
        {
            text.Append(char.ToUpperInvariant(group.Key[0])).Append(group.Key, 1, group.Key.Length - 1).Append(" flags:\n");
            foreach (var flag in group)
                Append(text, flag);
            text.Append('\n');
        }
        text.Append("Accepted for compatibility, without effect yet:\n");
        Wrap(text, FlagTable.All.Where(f => !f.HasEffect).Select(f => "--" + f.Name), 2);
        return text.ToString();
    }

    private static void Append(StringBuilder text, FlagDefinition flag)
    {
        text.Append(flag.Name == "v" ? "  -v, --v" : flag.Name == "help" ? "  -h, --help" : $"      --{flag.Name}");
        if (flag.Type is not (FlagType.Bool or FlagType.Version))
            text.Append(' ').Append(Kind(flag.Type));
        if (flag.Default is not ("" or "0" or "false" or "0s"))
            text.Append($" (default {flag.Default})");
        text.Append('\n');
        Wrap(text, flag.Help.Split(' '), Indent + 2);
    }

    private static string Kind(FlagType type) => type switch
    {
        FlagType.StringSlice => "strings",
        FlagType.StringArray => "string",
        FlagType.PortRange => "ports",
        FlagType.Map or FlagType.Multimap => "a=b,…",
        _ => type.ToString().ToLowerInvariant(),
    };

    private static void Wrap(StringBuilder text, IEnumerable<string> words, int indent)
    {
        var column = 0;
        foreach (var word in words)
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                text.Append('\n');
                column = 0;
            }
            text.Append(column == 0 ? new string(' ', indent) : " ").Append(word);
            column += (column == 0 ? indent : 1) + word.Length;
        }
        text.Append('\n');
    }
}
