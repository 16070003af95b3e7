using System.Text.Json;

namespace Pilothouse.Schemas;

/// <summary>
/// A value in JSON text: where it stands, and how it hangs together with its siblings. Values are linked from the last to the
/// first, because protobuf is written backwards.
/// </summary>
internal struct JsonPart
{
    /// <summary>Null also for a value that does not fit its type: it counts as absent.</summary>
    public JsonTokenType Kind;

    /// <summary>The text has escapes: it is not what it means.</summary>
    public bool Escaped;

    /// <summary>The name of a map's entry has escapes.</summary>
    public bool NameEscaped;

    /// <summary>Where the value begins; that of a string behind its quote.</summary>
    public int Start;

    public int Length;

    /// <summary>The property's index among those of its struct, or where the name of a map's entry begins, behind its quote.</summary>
    public int Name;

    public int NameLength;

    /// <summary>The sibling before; -1 for the first.</summary>
    public int Previous;

    /// <summary>The last of what a struct, map or list holds; -1 for nothing.</summary>
    public int Last;
}
