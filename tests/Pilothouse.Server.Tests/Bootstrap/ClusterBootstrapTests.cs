using Pilothouse.Objects;
using Pilothouse.Server.Bootstrap;

namespace Pilothouse.Server.Tests.Bootstrap;

public sealed class ClusterBootstrapTests
{
    [Fact]
    public void The_tables_hold_every_object_once()
    {
        var all = RbacObjects.All().Concat(FlowControlObjects.All()).ToList();
        Assert.Equal(31 + 38 + 12 + 38 + 7 + 7 + 8 + 11, all.Count);
        Assert.Equal(all.Count, all.Select(o => (o.Resource, ObjectMetadata.Of(o.Object).Namespace, ObjectMetadata.Of(o.Object).Name)).Distinct().Count());
    }
}
