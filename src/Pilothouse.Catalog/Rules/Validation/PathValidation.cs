using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Paths of files in fields.</summary>
internal static class PathValidation
{
    /// <summary>A path without ".." among its parts.</summary>
    public static void NoBacksteps(string path, FieldPath at, FieldErrors errors)
    {
        if (HasBacksteps(path))
            errors.Invalid(at, path, "must not contain '..'");
    }

    /// <summary>A relative path without ".." among its parts.</summary>
    public static void LocalDescending(string path, FieldPath at, FieldErrors errors)
    {
        if (path.StartsWith('/'))
            errors.Invalid(at, path, "must be a relative path");
        NoBacksteps(path, at, errors);
    }

    /// <summary>The same, and the name of the first part does not begin with "..", as those of the kubelet's own files do.</summary>
    public static void LocalNotReserved(string path, FieldPath at, FieldErrors errors)
    {
        LocalDescending(path, at, errors);
        if (path.StartsWith("..", StringComparison.Ordinal) && !path.StartsWith("../", StringComparison.Ordinal))
            errors.Invalid(at, path, "must not start with '..'");
    }

    public static bool IsLocalNotReserved(string path) =>
        !path.StartsWith('/') && !HasBacksteps(path) && !path.StartsWith("..", StringComparison.Ordinal);

    public static bool HasBacksteps(string path)
    {
        if (!path.Contains("..", StringComparison.Ordinal))
            return false;
        foreach (var part in path.AsSpan().Split('/'))
        {
            if (path.AsSpan()[part] is "..")
                return true;
        }
        return false;
    }
}
