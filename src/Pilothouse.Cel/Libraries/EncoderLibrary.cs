using static Pilothouse.Cel.CelType;

namespace Pilothouse.Cel;

/// <summary>The extension library of encodings.</summary>
internal static class EncoderLibrary
{
    public static void AddTo(FunctionTable table)
    {
        table.Add("base64.encode", "base64_encode_bytes", [Bytes], CelType.String,
            (_, a) => CelValue.Of(Convert.ToBase64String(a[0].AsBytes)));
        table.Add("base64.decode", "base64_decode_string", [CelType.String], Bytes, (_, a) =>
        {
            var text = a[0].AsString;
            // Padding may be left out.
            var padded = text.Length % 4 == 0 ? text : text.PadRight(text.Length + 4 - text.Length % 4, '=');
            var bytes = new byte[padded.Length];
            return Convert.TryFromBase64String(padded, bytes, out var length)
                ? CelValue.Of(bytes[..length]) : CelValue.Error("illegal base64 data at input byte 0");
        });
    }
}
