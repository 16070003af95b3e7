namespace Pilothouse.Server.Authorization.Rbac;

/// <summary>What is asked of the rules, with the names that rules may have for the resource, made once.</summary>
internal readonly ref struct RbacQuestion
{
    /// <summary>Room that a caller has to lend for the names, in characters.</summary>
    public const int Room = 256;

    /// <param name="attributes">The question.</param>
    /// <param name="room">Where to put the names; longer ones are put on the heap.</param>
    public RbacQuestion(AuthorizationAttributes attributes, Span<char> room)
    {
        Attributes = attributes;
        var (resource, subresource) = (attributes.Resource, attributes.Subresource);
        if (subresource.Length == 0)
        {
            Resource = resource;
            return;
        }
        var length = resource.Length + 1 + subresource.Length;
        if (length + 2 > room.Length)
            room = new char[length + 2];
        // "*/" and then the subresource stand behind the whole name, so that neither needs a text of its own.
        resource.CopyTo(room);
        room[resource.Length] = '/';
        subresource.CopyTo(room[(resource.Length + 1)..]);
        Resource = room[..length];
        if (length + 2 + subresource.Length <= room.Length)
        {
            var any = room[length..];
            any[0] = '*';
            any[1] = '/';
            subresource.CopyTo(any[2..]);
            AnyWithSubresource = any[..(2 + subresource.Length)];
        }
        else
        {
            AnyWithSubresource = $"*/{subresource}";
        }
    }

    public AuthorizationAttributes Attributes { get; }

    /// <summary><c>pods</c>, <c>pods/log</c>.</summary>
    public ReadOnlySpan<char> Resource { get; }

    /// <summary><c>*/log</c>; empty without a subresource.</summary>
    public ReadOnlySpan<char> AnyWithSubresource { get; }
}
