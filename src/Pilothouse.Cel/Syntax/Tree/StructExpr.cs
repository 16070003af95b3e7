namespace Pilothouse.Cel;

internal sealed class StructExpr(int offset, string typeName, IReadOnlyList<FieldEntry> fields) : Expr(offset)
{
    public string TypeName { get; set; } = typeName;

    public IReadOnlyList<FieldEntry> Fields { get; } = fields;
}
