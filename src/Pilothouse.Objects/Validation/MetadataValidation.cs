using System.Text;
using System.Text.Json.Nodes;

namespace Pilothouse.Objects;

/// <summary>
/// What <c>metadata</c> must be, for every kind alike. Errors have upstream's order, field paths and texts
/// (apimachinery's pkg/api/validation).
/// </summary>
public static class MetadataValidation
{
    /// <summary>All annotations of an object together, names and values, in bytes.</summary>
    public const int MaxAnnotationsSize = 256 * 1024;

    private const string Orphan = "orphan";
    private const string Foreground = "foregroundDeletion";

    /// <summary>Checks an object that is to be created. Its name is set by now, generated or not.</summary>
    public static void ValidateCreate(JsonObject obj, bool namespaced, NameRule rule, FieldErrors errors)
    {
        var metadata = View(obj);
        // Kinds whose rules are declared leave the prefix alone: what is made of it is judged.
        if (metadata.GenerateName is { Length: > 0 } prefix && rule != NameRule.LongName)
            AddAll(errors, "metadata.generateName", prefix, NameFormats.Name(prefix, rule, isPrefix: true));
        if (metadata.Name is { Length: > 0 } name)
            AddAll(errors, "metadata.name", name, NameFormats.Name(name, rule));
        else
            errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));

        var @namespace = metadata.Namespace;
        if (namespaced && @namespace.Length == 0)
            errors.Add(FieldError.Required("metadata.namespace"));
        else if (namespaced)
            AddAll(errors, "metadata.namespace", @namespace, NameFormats.DnsLabel(@namespace));
        else if (@namespace.Length > 0)
            errors.Add(FieldError.Forbidden("metadata.namespace", "not allowed on this type"));

        if (metadata.Generation < 0)
            errors.Add(FieldError.Invalid("metadata.generation", metadata.Generation, "must be greater than or equal to 0"));
        ValidateParts(metadata, errors);
        ValidateFinalizers(metadata.Finalizers, "metadata.finalizers", errors);
    }

    /// <summary>
    /// Checks a new state against the old one. The caller has carried over before what a client may leave out (uid,
    /// creationTimestamp, resourceVersion, the marks of a deletion).
    /// </summary>
    public static void ValidateUpdate(JsonObject obj, JsonObject old, bool namespaced, NameRule rule, FieldErrors errors)
    {
        // Upstream's registry looks at everything and then at what changed, and the rules of the kind look at what changed again;
        // clients see a fault as often as it was found.
        var metadata = View(obj);
        var count = errors.All.Count;
        if (metadata.GenerateName is { Length: > 0 } prefix)
            AddAll(errors, "metadata.generateName", prefix, NameFormats.Name(prefix, NameRule.PathSegment, isPrefix: true));
        ValidateParts(metadata, errors);
        ValidateFinalizerNames(metadata.Finalizers, "metadata.finalizers", errors);
        var isWhole = errors.All.Count == count;
        ValidateChange(obj, old, isWhole, errors);
        ValidateChange(obj, old, isWhole, errors);
        ValidateStandardFinalizers(metadata.Finalizers, "metadata.finalizers", errors);
        if (namespaced && metadata.Namespace.Length == 0)
            errors.Add(FieldError.Required("metadata.namespace"));
        // Names do not change, so an old name that today's rule would refuse stays usable.
        _ = rule;
    }

    /// <summary>Checks a map of labels: keys are qualified names, values are label values.</summary>
    public static void ValidateLabels(JsonObject? labels, string path, FieldErrors errors)
    {
        foreach (var (key, value) in Sorted(labels))
        {
            AddAll(errors, path, key, NameFormats.QualifiedName(key));
            var text = value.AsText() ?? "";
            AddAll(errors, path, text, NameFormats.LabelValue(text));
        }
    }

    /// <summary>Checks annotations: keys are qualified names whatever their case, and together they are not too large.</summary>
    public static void ValidateAnnotations(JsonObject? annotations, string path, FieldErrors errors)
    {
        var size = 0L;
        foreach (var (key, value) in Sorted(annotations))
        {
            AddAll(errors, path, key, NameFormats.QualifiedName(key.ToLowerInvariant()));
            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value.AsText() ?? "");
        }
        if (size > MaxAnnotationsSize)
            errors.Add(FieldError.TooLong(path, MaxAnnotationsSize));
    }

    /// <summary>Checks finalizers: each is a qualified name with a prefix, or one of the standard ones.</summary>
    public static void ValidateFinalizers(JsonArray? finalizers, string path, FieldErrors errors)
    {
        ValidateFinalizerNames(finalizers, path, errors);
        ValidateStandardFinalizers(finalizers, path, errors);
    }

    private static void ValidateFinalizerNames(JsonArray? finalizers, string path, FieldErrors errors)
    {
        var names = Texts(finalizers);
        foreach (var name in names)
            AddAll(errors, path, name, NameFormats.QualifiedName(name));
        if (names.Contains(Orphan) && names.Contains(Foreground))
        {
            errors.Add(FieldError.Invalid(path, Raw($"[{string.Join(',', names.Select(JsonText))}]"),
                $"finalizer {Orphan} and {Foreground} cannot be both set"));
        }
    }

    private static void ValidateStandardFinalizers(JsonArray? finalizers, string path, FieldErrors errors)
    {
        var names = Texts(finalizers);
        for (var i = 0; i < names.Count; i++)
        {
            if (!names[i].Contains('/') && names[i] is not ("kubernetes" or Orphan or Foreground))
            {
                errors.Add(FieldError.Invalid($"{path}[{i}]", names[i],
                    "name is neither a standard finalizer name nor is it fully qualified"));
            }
        }
    }

    /// <summary>Checks owner references: each is complete, none is an Event, and one at most is the controller.</summary>
    public static void ValidateOwnerReferences(JsonArray? references, string path, FieldErrors errors)
    {
        var controller = "";
        foreach (var reference in references?.OfType<JsonObject>() ?? [])
        {
            var apiVersion = reference.Text("apiVersion") ?? "";
            var kind = reference.Text("kind") ?? "";
            var slash = apiVersion.IndexOf('/');
            var version = apiVersion.LastIndexOf('/') == slash ? apiVersion[(slash + 1)..] : "";
            if (version.Length == 0)
                errors.Add(FieldError.Invalid(path + ".apiVersion", apiVersion, "version must not be empty"));
            RequireText(kind, path + ".kind", errors);
            RequireText(reference.Text("name") ?? "", path + ".name", errors);
            RequireText(reference.Text("uid") ?? "", path + ".uid", errors);
            if (apiVersion == "v1" && kind == "Event")
                errors.Add(FieldError.Invalid(path, Raw(ReferenceText(reference)), "/v1, Kind=Event is disallowed from being an owner"));
            if (reference.Flag("controller") == true)
            {
                var name = $"{kind}/{reference.Text("name")}";
                if (controller.Length > 0)
                {
                    errors.Add(FieldError.Invalid(path, Raw($"[{string.Join(',', references!.OfType<JsonObject>().Select(ReferenceText))}]"),
                        $"Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {name}"));
                }
                else
                {
                    controller = name;
                }
            }
        }
    }

    /// <summary>Adds "field is immutable" when two values of a field differ.</summary>
    public static void ValidateImmutable(JsonNode? value, JsonNode? old, string path, FieldErrors errors)
    {
        if (!JsonNode.DeepEquals(value, old))
            errors.Add(FieldError.Invalid(path, value is null ? null : Raw(value.ToRelaxedJson()), "field is immutable"));
    }

    private static void ValidateParts(ObjectMetadata metadata, FieldErrors errors)
    {
        ValidateLabels(metadata.Labels, "metadata.labels", errors);
        ValidateAnnotations(metadata.Annotations, "metadata.annotations", errors);
        ValidateOwnerReferences(metadata.OwnerReferences, "metadata.ownerReferences", errors);
    }

    /// <param name="obj">The new state.</param>
    /// <param name="old">The old one.</param>
    /// <param name="isWhole">Nothing is wrong with the parts of the new state as they are.</param>
    /// <param name="errors">What is found.</param>
    private static void ValidateChange(JsonObject obj, JsonObject old, bool isWhole, FieldErrors errors)
    {
        var now = View(obj);
        var before = View(old);
        if (before.DeletionTimestamp.Length > 0)
        {
            var added = Texts(now.Finalizers).Except(Texts(before.Finalizers)).Order(StringComparer.Ordinal).ToArray();
            if (added.Length > 0)
            {
                errors.Add(FieldError.Forbidden("metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers "
                    + $"[]string{{{string.Join(", ", added.Select(GoText.Quote))}}}"));
            }
        }
        if (now.ResourceVersion.Length == 0)
            errors.Add(FieldError.Invalid("metadata.resourceVersion", "", "must be specified for an update"));
        if (now.Generation < before.Generation)
            errors.Add(FieldError.Invalid("metadata.generation", now.Generation, "must not be decremented"));
        Same(now.Name, before.Name, "name");
        Same(now.Namespace, before.Namespace, "namespace");
        Same(now.Uid, before.Uid, "uid");
        SameTime(now.CreationTimestamp, before.CreationTimestamp, "creationTimestamp");
        SameTime(now.DeletionTimestamp, before.DeletionTimestamp, "deletionTimestamp");
        if (now.DeletionGracePeriodSeconds != before.DeletionGracePeriodSeconds)
            errors.Add(Immutable("deletionGracePeriodSeconds", now.DeletionGracePeriodSeconds));
        if (!isWhole)
            ValidateParts(now, errors);

        void Same(string value, string was, string field)
        {
            if (value != was)
                errors.Add(Immutable(field, value));
        }

        void SameTime(string value, string was, string field)
        {
            if (value != was)
                errors.Add(Immutable(field, value.Length == 0 ? null : value));
        }

        static FieldError Immutable(string field, object? value) => FieldError.Invalid("metadata." + field, value, "field is immutable");
    }

    private static ObjectMetadata View(JsonObject obj) => new(obj.Object("metadata") ?? []);

    private static void RequireText(string text, string path, FieldErrors errors)
    {
        if (text.Length == 0)
            errors.Add(FieldError.Invalid(path, text, "must not be empty"));
    }

    private static void AddAll(FieldErrors errors, string path, string value, IReadOnlyList<string> messages)
    {
        foreach (var message in messages)
            errors.Add(FieldError.Invalid(path, value, message));
    }

    private static List<string> Texts(JsonArray? list) => list?.Select(n => n.AsText() ?? "").ToList() ?? [];

    // Go's maps have no order; ours keeps the answer the same each time.
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Sorted(JsonObject? map) =>
        map is null ? [] : map.OrderBy(entry => entry.Key, StringComparer.Ordinal);

    /// <summary>A text that an error shows as it is, without quotes.</summary>
    private static FormattableString Raw(string text) => $"{text}";

    private static string JsonText(string text) => JsonValue.Create(text).ToRelaxedJson();

    private static string ReferenceText(JsonObject reference)
    {
        var shown = new JsonObject();
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind", "name", "uid"])
            shown[name] = reference.Text(name) ?? "";
        foreach (var name in (ReadOnlySpan<string>)["controller", "blockOwnerDeletion"])
        {
            if (reference.Flag(name) is { } flag)
                shown[name] = flag;
        }
        return shown.ToRelaxedJson();
    }
}
