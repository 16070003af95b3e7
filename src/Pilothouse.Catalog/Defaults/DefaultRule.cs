using System.Text.Json.Nodes;

namespace Pilothouse.Catalog;

/// <summary>Fills in the defaults that one type has by rule.</summary>
/// <param name="obj">A value of that type, in normal form, edited in place.</param>
/// <param name="now">The request's time.</param>
internal delegate void DefaultRule(JsonObject obj, DateTimeOffset now);
