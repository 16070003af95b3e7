using System.Text;
using Pilothouse.Catalog;

namespace Pilothouse.Server.Watching;

/// <summary>
/// Where a resource's selectable fields are in an object, as a tree of names that one forward scan can follow. Made once per
/// resource.
/// </summary>
internal sealed class FieldPlan
{
    private FieldPlan(StoredResource resource, Node root, string[] defaults)
    {
        Kind = Encoding.UTF8.GetBytes(resource.Kind.Kind);
        ApiVersion = Encoding.UTF8.GetBytes(resource.Kind.ApiVersion);
        AnyVersion = resource.Versions is not null;
        Root = root;
        Defaults = defaults;
    }

    /// <summary>The kind that the resource's objects are of.</summary>
    public byte[] Kind { get; }

    /// <summary>The version that they are stored in.</summary>
    public byte[] ApiVersion { get; }

    /// <summary>Objects may be of several versions, which whoever shows them converts.</summary>
    public bool AnyVersion { get; }

    public Node Root { get; }

    /// <summary>What each field is when the object does not have it. Shared by all objects that have none.</summary>
    public string[] Defaults { get; }

    public static FieldPlan For(StoredResource resource)
    {
        var fields = resource.SelectableFields;
        var root = new Node([]);
        for (var field = 0; field < fields.Count; field++)
        {
            for (var rank = 0; rank < fields[field].Paths.Count; rank++)
            {
                var node = root;
                foreach (var step in fields[field].Paths[rank].Split('.'))
                {
                    var bracket = step.IndexOf("[0]", StringComparison.Ordinal);
                    node = node.ChildOrNew(Encoding.UTF8.GetBytes(bracket < 0 ? step : step[..bracket]));
                    if (bracket >= 0)
                        node = node.FirstElementOrNew();
                }
                node.Targets.Add((field, rank));
            }
        }
        return new(resource, root, [.. fields.Select(f => f.Form switch
        {
            SelectableFieldForm.Boolean => "false",
            SelectableFieldForm.Integer => "0",
            _ => "",
        })]);
    }

    internal sealed class Node(byte[] name)
    {
        private readonly List<Node> _children = [];

        public byte[] Name { get; } = name;

        /// <summary>What to look at in the first element of a list; null when nothing.</summary>
        public Node? FirstElement { get; private set; }

        /// <summary>The fields that take their value here, each with the rank of this path among the field's paths.</summary>
        public List<(int Field, int Rank)> Targets { get; } = [];

        public bool HasChildren => _children.Count > 0;

        public Node? Child(ref readonly System.Text.Json.Utf8JsonReader property)
        {
            foreach (var child in _children)
            {
                if (property.ValueTextEquals(child.Name))
                    return child;
            }
            return null;
        }

        public Node ChildOrNew(byte[] name)
        {
            var found = _children.Find(c => c.Name.AsSpan().SequenceEqual(name));
            if (found is null)
                _children.Add(found = new(name));
            return found;
        }

        public Node FirstElementOrNew() => FirstElement ??= new([]);
    }
}
