using System.Text.Json.Nodes;

namespace Pilothouse.Server.Registry;

/// <summary>
/// An object that was sent, and may have to be tried more than once: every try edits a tree of its own. Reading the body again
/// costs no more than a copy would, and hardly ever happens.
/// </summary>
internal sealed class SentObject(JsonObject tree, Func<JsonObject> again)
{
    private JsonObject? _next = tree;

    /// <summary>The tree that is taken next; not to be edited.</summary>
    public JsonObject Object => _next ??= again();

    /// <summary>A tree to edit.</summary>
    public JsonObject Take()
    {
        var taken = Object;
        _next = null;
        return taken;
    }
}
