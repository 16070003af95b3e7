namespace Pilothouse.Catalog;

/// <summary>A field by which lists and watches can be narrowed.</summary>
/// <param name="Label">What clients write in the selector, <c>spec.nodeName</c>.</param>
/// <param name="Paths">
/// Where the value is in the stored version, each a path of field names; the first that is not empty counts. None: the label
/// is accepted and its value is always "".
/// </param>
/// <param name="Form">How the value becomes text.</param>
public sealed record SelectableField(string Label, IReadOnlyList<string> Paths, SelectableFieldForm Form = SelectableFieldForm.Text);
