using Pilothouse.Objects;
using Pilothouse.Server.Presentation;
using Pilothouse.Server.Watching;

namespace Pilothouse.Server.Tests.Presentation;

public sealed class RecentMessagesTests
{
    [Fact]
    public async Task An_object_is_encoded_once_however_many_ask_at_once()
    {
        var messages = new RecentMessages(1000);
        var obj = Object("a");
        var encoded = 0;
        var all = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => messages.Get(obj, _ =>
        {
            Interlocked.Increment(ref encoded);
            return new byte[10];
        }))));
        Assert.Equal(1, encoded);
        Assert.All(all, m => Assert.Same(all[0], m));
    }

    [Fact]
    public void The_oldest_are_let_go_of()
    {
        var messages = new RecentMessages(25);
        var objects = Enumerable.Range(0, 4).Select(i => Object($"{i}")).ToList();
        foreach (var obj in objects)
            messages.Get(obj, _ => new byte[10]);
        Assert.Equal([false, false, true, true], objects.Select(o => o.Protobuf is not null));
        Assert.Equal(20, messages.Bytes);
        messages.Get(objects[0], _ => new byte[10]);
        Assert.NotNull(objects[0].Protobuf);
    }

    private static CachedObject Object(string key) => new()
    {
        Key = key,
        Namespace = "",
        Name = key,
        Revision = new Revision(1),
        Json = "{}"u8.ToArray(),
        BodyOffset = 1,
        Metadata = 0..2,
        Labels = [],
        Fields = [],
    };
}
