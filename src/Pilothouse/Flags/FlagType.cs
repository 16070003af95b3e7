namespace Pilothouse.Flags;

/// <summary>What a flag's value looks like, by Go's flag library's names.</summary>
internal enum FlagType
{
    String,
    Bool,
    Int,
    Int64,
    Uint,
    Float32,
    Float64,
    Duration,
    Ip,
    PortRange,
    Version,

    /// <summary>A list; commas separate, repetition adds. The first occurrence replaces the default.</summary>
    StringSlice,
    Int32Slice,

    /// <summary>A list by repetition alone; commas are part of the value.</summary>
    StringArray,

    /// <summary><c>a=b,c=d</c>; repetition adds.</summary>
    Map,

    /// <summary><c>component:a=b,c=d</c>, the component may be left out; repetition adds.</summary>
    Multimap,
}
