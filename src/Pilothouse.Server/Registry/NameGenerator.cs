using System.Security.Cryptography;

namespace Pilothouse.Server.Registry;

/// <summary>Makes names from <c>generateName</c>.</summary>
internal static class NameGenerator
{
    /// <summary>No vowels, so that no words come out; no 0, 1 and 3, which look like letters (upstream's alphabet).</summary>
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int RandomLength = 5;
    private const int MaxBaseLength = 63 - RandomLength;

    public static string Generate(string prefix) =>
        (prefix.Length > MaxBaseLength ? prefix[..MaxBaseLength] : prefix) + RandomNumberGenerator.GetString(Alphabet, RandomLength);
}
