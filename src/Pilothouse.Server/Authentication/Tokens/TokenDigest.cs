using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pilothouse.Server.Authentication.Tokens;

/// <summary>
/// A keyed hash of a token (and of the audiences it is asked about): what caches and tables know of it. The key is made anew
/// in each process, so nobody outside can say which tokens collide, or learn of a token from the time a look-up takes.
/// </summary>
internal readonly record struct TokenDigest(ulong A, ulong B, ulong C, ulong D)
{
    private const int KeyLength = 32;

    // Before the token, and not as HMAC has it: nobody ever sees a digest, so that nobody could lengthen one, and every request
    // with a token makes one.
    private static readonly byte[] s_key = RandomNumberGenerator.GetBytes(KeyLength);

    public static TokenDigest Of(ReadOnlySpan<char> token, IReadOnlyList<string>? audiences = null)
    {
        var length = KeyLength + Length(token.Length);
        foreach (var audience in audiences ?? [])
            length += Length(audience.Length);
        byte[]? rented = null;
        var bytes = length <= 1024 ? stackalloc byte[1024] : rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            // The key first, then each with its length: "xy", "z" is not "x", "yz".
            s_key.CopyTo(bytes);
            var written = KeyLength + Write(token, bytes[KeyLength..]);
            foreach (var audience in audiences ?? [])
                written += Write(audience, bytes[written..]);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes[..written], hash);
            return new(
                BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]), BinaryPrimitives.ReadUInt64LittleEndian(hash[24..]));
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    public bool Equals(TokenDigest other) => A == other.A && B == other.B && C == other.C && D == other.D;

    public override int GetHashCode() => (int)A;

    private static int Length(int characters) => sizeof(int) + Encoding.UTF8.GetMaxByteCount(characters);

    private static int Write(ReadOnlySpan<char> text, Span<byte> output)
    {
        var written = Encoding.UTF8.GetBytes(text, output[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(output, written);
        return sizeof(int) + written;
    }
}
