using System.Text;
using Microsoft.AspNetCore.Http;
using Pilothouse.Objects;
using Pilothouse.Server.Requests;

namespace Pilothouse.Server.Registry;

/// <summary>What the query of a write says: CreateOptions, UpdateOptions and PatchOptions have these in common.</summary>
/// <param name="DryRun">Do everything but store.</param>
/// <param name="FieldValidation">What to do about unknown and duplicate fields.</param>
/// <param name="FieldManager">Who says so; empty when it is derived from the user agent.</param>
internal sealed record WriteOptions(bool DryRun, FieldValidation FieldValidation, string FieldManager)
{
    /// <summary>An apply takes what others own.</summary>
    public bool Force { get; private init; }

    private const int MaxFieldManagerLength = 128;

    public static WriteOptions None { get; } = new(false, FieldValidation.Warn, "");

    /// <param name="query">The request's query.</param>
    /// <param name="kind">Whose validation it is, <c>CreateOptions</c>.</param>
    public static Outcome<WriteOptions> Parse(HttpRequest query, string kind) => Parse(query, kind, isApply: false);

    /// <summary>Those of a patch; an apply has to say who applies.</summary>
    public static Outcome<WriteOptions> ParsePatch(HttpRequest query, bool isApply) => Parse(query, "PatchOptions", isApply);

    private static Outcome<WriteOptions> Parse(HttpRequest query, string kind, bool isApply)
    {
        if (!query.QueryString.HasValue && !isApply)
            return None;
        var values = query.Query;
        var errors = new FieldErrors();
        var force = values.Flag("force");
        var manager = values.First("fieldManager");
        if (isApply && manager.Length == 0)
            errors.Add(FieldError.Required("fieldManager", "is required for apply patch"));
        else if (!isApply && force is not null && kind == "PatchOptions")
            errors.Add(FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        CheckFieldManager(manager, errors);
        var dryRun = DryRunOf(values["dryRun"], errors);
        var validation = values.First("fieldValidation");
        if (validation is not ("" or "Ignore" or "Warn" or "Strict"))
            errors.Add(FieldError.NotSupported("fieldValidation", validation, ["", "Ignore", "Strict", "Warn"]));
        if (errors.Any)
            return Status.Invalid(new("meta.k8s.io", kind), "", errors.All);
        return new WriteOptions(dryRun, validation switch
        {
            "Strict" => FieldValidation.Strict,
            "Ignore" => FieldValidation.Ignore,
            _ => FieldValidation.Warn,
        }, manager)
        {
            Force = force ?? false,
        };
    }

    /// <summary>Whether the write is one to try only; "All" is the one word for it.</summary>
    public static bool DryRunOf(IReadOnlyList<string?> values, FieldErrors errors)
    {
        if (values.Count == 0)
            return false;
        if (values.Any(v => v != "All"))
        {
            FormattableString shown = $"[{string.Join(",", values.Select(v => GoText.Quote(v ?? "")))}]";
            errors.Add(FieldError.NotSupported("dryRun", shown, ["All"]));
        }
        return true;
    }

    private static void CheckFieldManager(string manager, FieldErrors errors)
    {
        if (Encoding.UTF8.GetByteCount(manager) > MaxFieldManagerLength)
            errors.Add(FieldError.TooLong("fieldManager", MaxFieldManagerLength));
        var position = 0;
        foreach (var rune in manager.EnumerateRunes())
        {
            if (!GoText.IsPrint(rune))
            {
                errors.Add(FieldError.Invalid("fieldManager", manager, $"invalid character U+{rune.Value:X4} (at position {position})"));
            }
            position += rune.Utf8SequenceLength;
        }
    }
}
