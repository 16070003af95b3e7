using System.Text.Json.Nodes;
using CsCheck;
using Pilothouse.Objects;
using Pilothouse.Schemas;

namespace Pilothouse.Catalog.Tests.Rules;

/// <summary>
/// Whatever a client sends: rules answer and never throw, and what they accept is written and read back the same and is accepted
/// again as an update of itself.
/// </summary>
public sealed class KindMutationTests
{
    private static readonly string[] Texts = ["", "x", "Bad Value", "a/b", "10.0.0.1", "10.0.0.0/8", "::1", "*", "-1", "9999999999999999999999", "a.b.c", "\u00e9"];

    public static TheoryData<string, string, string, string> Samples()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var (group, version, resource, json) in KindSamples.All.Concat(WorkloadSamples.All))
            data.Add(group, version, resource, json);
        return data;
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Samples_are_valid(string group, string version, string resource, string json)
    {
        var served = ObjectText.Served(group, version, resource);
        var obj = Created(served, ObjectText.Defaulted(served, json));
        Assert.Empty(ErrorsOf(served, obj, null).Select(e => e.ToString()));
        Assert.Empty(ErrorsOf(served, obj, (JsonObject)obj.DeepClone()).Select(e => e.ToString()));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Mutated_objects_are_judged_and_what_is_accepted_stays_acceptable(string group, string version, string resource, string json)
    {
        var served = ObjectText.Served(group, version, resource);
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 4]).Sample((seed, count) =>
        {
            var random = new Random(seed);
            var body = (JsonObject)JsonNode.Parse(json)!;
            for (var i = 0; i < count; i++)
                Mutate(body, random);
            body["apiVersion"] = served.Kind.ApiVersion;
            body["kind"] = served.Kind.Kind;
            if (!SchemaDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()), served.Schema).TryGet(out var decoded, out _))
                return;
            var obj = decoded.Json;
            KindDefaults.Fill(obj, served.Schema, ObjectText.Now);
            Created(served, obj);
            var before = ObjectText.Defaulted(served, json);
            _ = ErrorsOf(served, (JsonObject)obj.DeepClone(), Created(served, before));
            if (ErrorsOf(served, obj, null).Count > 0)
                return;
            served.Stored.Strategy.Warn(ObjectText.Context(served), obj, null);
            var text = ObjectText.Write(obj, served.Schema);
            var again = SchemaDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(text), served.Schema).Value.Json;
            Assert.Equal(text, ObjectText.Write(again, served.Schema));
            var update = (JsonObject)again.DeepClone();
            served.Stored.Strategy.PrepareForUpdate(ObjectText.Context(served), update, again);
            // Upstream takes repeated addresses of a node only when it is created.
            Assert.DoesNotContain(ErrorsOf(served, update, again).Select(e => e.ToString()), e => !e.StartsWith("status.addresses[", StringComparison.Ordinal));
        }, iter: 300);
    }

    private static JsonObject Created(ServedResource served, JsonObject obj)
    {
        var metadata = ObjectMetadata.Of(obj);
        metadata.Uid = "u1";
        metadata.Namespace = served.Stored.Namespaced ? "default" : "";
        served.Stored.Strategy.PrepareForCreate(ObjectText.Context(served), obj);
        return obj;
    }

    private static IReadOnlyList<FieldError> ErrorsOf(ServedResource served, JsonObject obj, JsonObject? old)
    {
        var errors = new FieldErrors();
        if (old is null)
        {
            MetadataValidation.ValidateCreate(obj, served.Stored.Namespaced, served.Stored.Strategy.NameRule, errors);
            served.Stored.Strategy.Validate(ObjectText.Context(served), obj, errors);
        }
        else
            served.Stored.Strategy.ValidateUpdate(ObjectText.Context(served), obj, old, errors);
        return errors.All;
    }

    private static void Mutate(JsonObject body, Random random)
    {
        var places = new List<(JsonNode Parent, object Key)>();
        Collect(body, places);
        if (places.Count == 0)
            return;
        var (parent, key) = places[random.Next(places.Count)];
        var kind = random.Next(5);
        if (parent is JsonObject obj)
        {
            var name = (string)key;
            if (kind == 0)
                obj.Remove(name);
            else
                obj[name] = Other(obj[name], random);
        }
        else if (parent is JsonArray list)
        {
            var index = (int)key;
            if (kind == 0)
                list.RemoveAt(index);
            else if (kind == 1)
                list.Add(list[index]?.DeepClone());
            else
                list[index] = Other(list[index], random);
        }
    }

    private static JsonNode? Other(JsonNode? node, Random random) => random.Next(4) switch
    {
        0 => null,
        1 => random.Next(2) == 0 ? new JsonObject() : new JsonArray(),
        2 when node is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number =>
            JsonValue.Create((long)random.Next(-2, 3) * (random.Next(2) == 0 ? 1 : int.MaxValue)),
        _ => JsonValue.Create(Texts[random.Next(Texts.Length)]),
    };

    private static void Collect(JsonNode? node, List<(JsonNode, object)> places)
    {
        if (node is JsonObject obj)
        {
            foreach (var (name, value) in obj)
            {
                places.Add((obj, name));
                Collect(value, places);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                places.Add((list, i));
                Collect(list[i], places);
            }
        }
    }
}
