namespace Pilothouse.Schemas;

/// <summary>What an absent field of a tree means.</summary>
internal enum TreeForm
{
    /// <summary>Normal form, as <see cref="SchemaDecoder"/> gives it: a field that Go would write although it is zero is there.</summary>
    Normal,

    /// <summary>As it was written: what is absent is absent, and a null is a value.</summary>
    Plain,
}
