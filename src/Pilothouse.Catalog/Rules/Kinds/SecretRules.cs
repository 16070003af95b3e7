using System.Text;
using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog;

/// <summary>Secrets: plain text is taken over into the data, and is never kept itself.</summary>
internal sealed class SecretRules : KindRules
{
    public override void PrepareForCreate(WriteContext context, JsonObject obj) => TakeOverText(obj);

    public override void PrepareForUpdate(WriteContext context, JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(context, obj, old);
        TakeOverText(obj);
    }

    private static void TakeOverText(JsonObject obj)
    {
        if (obj.Object("stringData") is not { } texts)
            return;
        if (texts.Count > 0)
        {
            var data = obj.ObjectOrNew("data");
            foreach (var (name, text) in texts)
                data[name] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.AsText() ?? ""));
        }
        obj.Remove("stringData");
    }
}
