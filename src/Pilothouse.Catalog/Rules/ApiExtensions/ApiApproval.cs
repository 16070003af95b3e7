using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Whether somebody may define resources in a group of the Kubernetes community: an annotation says who agreed.</summary>
public static class ApiApproval
{
    private const string Annotation = "api-approved.kubernetes.io";
    private const string See = ", see https://github.com/kubernetes/enhancements/pull/1111";

    /// <summary>What the annotation says.</summary>
    public enum State
    {
        /// <summary>Neither a URL nor an excuse.</summary>
        Invalid,

        /// <summary>Where it was approved.</summary>
        Approved,

        /// <summary>That it was not, and why it is wanted all the same.</summary>
        Bypassed,
        Missing,
    }

    /// <summary>Groups that the community keeps to itself.</summary>
    public static bool IsProtected(string group) =>
        group is "k8s.io" or "kubernetes.io"
        || group.EndsWith(".k8s.io", StringComparison.Ordinal) || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);

    /// <summary>What a definition's annotation says, and the words for it in a condition or an error.</summary>
    public static (State State, string Message) Of(JsonObject definition)
    {
        var text = Text(definition);
        if (text.Length == 0)
            return (State.Missing, $"protected groups must have approval annotation {GoText.Quote(Annotation)}{See}");
        if (text.StartsWith("unapproved", StringComparison.Ordinal))
            return (State.Bypassed, $"not approved: {GoText.Quote(text)}");
        if (GoUrl.Parse(text, out var url) is null && url!.Host.Length > 0 && url.Scheme.Length > 0)
            return (State.Approved, $"approved in {text}");
        return (State.Invalid,
            $"protected groups must have approval annotation {GoText.Quote(Annotation)} with either a URL or a reason starting with \"unapproved\"{See}");
    }

    /// <summary>Checks the annotation of a definition in a protected group; one that says what it said before passes.</summary>
    internal static void Validate(JsonObject definition, JsonObject? old, FieldErrors errors)
    {
        if (!IsProtected(definition.Object("spec").Word("group")))
            return;
        var (state, message) = Of(definition);
        if (old is not null && Of(old).State == state)
            return;
        var path = FieldPath.Metadata.Child("annotations").Key(Annotation);
        if (state == State.Missing)
            errors.Required(path, message);
        else if (state == State.Invalid)
            errors.Invalid(path, Text(definition), message);
    }

    private static string Text(JsonObject definition) => definition.Object("metadata").Object("annotations").Word(Annotation);
}
