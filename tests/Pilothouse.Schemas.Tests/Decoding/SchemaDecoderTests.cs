using System.Text;
using CsCheck;
using Pilothouse.Catalog;

namespace Pilothouse.Schemas.Tests;

public sealed class SchemaDecoderTests
{
    private static SchemaType Type(string name) => BuiltInCatalog.Types.Get("io.k8s.api." + name);

    private static string Error(string type, string json) =>
        SchemaDecoder.Decode(Encoding.UTF8.GetBytes(json), Type(type)).Failure?.Message ?? "";

    private static DecodedObject Decode(string type, string json) =>
        SchemaDecoder.Decode(Encoding.UTF8.GetBytes(json), Type(type)).Value;

    [Theory]
    [InlineData("core.v1.ConfigMap", """{"metadata":{"name":5}}""", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string")]
    [InlineData("core.v1.ConfigMap", """{"data":{"a":5}}""", "json: cannot unmarshal number into Go struct field ConfigMap.data of type string")]
    [InlineData("core.v1.ConfigMap", """{"data":["a"]}""", "json: cannot unmarshal array into Go struct field ConfigMap.data of type map[string]string")]
    [InlineData("core.v1.ConfigMap", """{"immutable":"yes"}""", "json: cannot unmarshal string into Go struct field ConfigMap.immutable of type bool")]
    [InlineData("apps.v1.Deployment", """{"spec":{"replicas":"three"}}""", "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("apps.v1.Deployment", """{"spec":{"replicas":1.5}}""", "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("apps.v1.Deployment", """{"spec":{"replicas":3.0}}""", "json: cannot unmarshal number 3.0 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("apps.v1.Deployment", """{"spec":{"replicas":99999999999}}""", "json: cannot unmarshal number 99999999999 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("core.v1.Pod", """{"spec":{"containers":{}}}""", "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container")]
    [InlineData("core.v1.Pod", """{"spec":{"containers":["x"]}}""", "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container")]
    [InlineData("core.v1.Pod", """{"spec":{"containers":[{"name":1}]}}""", "json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string")]
    [InlineData("core.v1.Pod", """{"spec":{"restartPolicy":1}}""", "json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy")]
    [InlineData("core.v1.Pod", """{"metadata":{"ownerReferences":[{"uid":1}]}}""", "json: cannot unmarshal number into Go struct field OwnerReference.metadata.ownerReferences.uid of type types.UID")]
    [InlineData("core.v1.Service", """{"spec":{"ipFamilies":"x"}}""", "json: cannot unmarshal string into Go struct field ServiceSpec.spec.ipFamilies of type []v1.IPFamily")]
    [InlineData("core.v1.Service", """{"spec":{"ipFamilies":[1]}}""", "json: cannot unmarshal number into Go struct field ServiceSpec.spec.ipFamilies of type v1.IPFamily")]
    [InlineData("core.v1.Pod", """{"metadata":{"creationTimestamp":"yesterday"}}""", """parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006" """)]
    [InlineData("core.v1.Pod", """{"metadata":{"creationTimestamp":5}}""", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string")]
    [InlineData("core.v1.Pod", """{"spec":{"containers":[{"resources":{"limits":{"cpu":"lots"}}}]}}""", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    [InlineData("core.v1.Secret", """{"data":{"a":"%%%"}}""", "illegal base64 data at input byte 0")]
    [InlineData("core.v1.Secret", """{"data":{"a":"QUJ"}}""", "illegal base64 data at input byte 0")]
    [InlineData("core.v1.Secret", """{"data":{"a":"QUJD*A=="}}""", "illegal base64 data at input byte 4")]
    [InlineData("core.v1.Service", """{"spec":{"ports":[{"targetPort":{}}]}}""", "json: cannot unmarshal object into Go struct field ServicePort.spec.ports.targetPort of type int32")]
    [InlineData("core.v1.ConfigMap", "[]", "json: cannot unmarshal array into Go value of type v1.ConfigMap")]
    [InlineData("core.v1.ConfigMap", """{"data":5,"metadata":{"name":5}}""", "json: cannot unmarshal number into Go struct field ConfigMap.data of type map[string]string")]
    [InlineData("core.v1.ConfigMap", """{"data":5,"metadata":{"creationTimestamp":""}}""", """parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006" """)]
    [InlineData("core.v1.ConfigMap", """{"data":5}]""", "invalid character ']' after top-level value")]
    public void A_wrong_value_is_refused_in_Gos_words(string type, string json, string message) =>
        Assert.Equal(message.TrimEnd(), Error(type, json));

    [Fact]
    public void Unknown_and_duplicate_fields_are_listed_in_order_of_appearance()
    {
        var decoded = Decode("apps.v1.Deployment", """
            {"metadata":{"name":"fv","bogus":1},"spec":{"replicas":1,"replicas":2,"extra":true,
             "template":{"metadata":{"labels":{"a":"1","a":"2"}},"spec":{"containers":[{"imagee":"y"},{"imagee":{"a":[1]}}]}}}}
            """);
        Assert.Equal(
            [
                "unknown field \"metadata.bogus\"", "duplicate field \"spec.replicas\"", "unknown field \"spec.extra\"",
                "duplicate field \"spec.template.metadata.labels.a\"", "unknown field \"spec.template.spec.containers[0].imagee\"",
                "unknown field \"spec.template.spec.containers[1].imagee\"",
            ],
            decoded.StrictErrors);
        Assert.Equal(2, decoded.Json["spec"]!["replicas"]!.GetValue<long>());
        Assert.Equal("2", decoded.Json["spec"]!["template"]!["metadata"]!["labels"]!["a"]!.GetValue<string>());
        Assert.Null(decoded.Json["metadata"]!["bogus"]);
    }

    [Fact]
    public void Names_are_compared_to_the_letter()
    {
        var decoded = Decode("core.v1.ConfigMap", """{"data":{"k":"1"},"Data":{"k":"2"},"d\u0061ta":{"k":"3"}}""");
        Assert.Equal(["unknown field \"Data\"", "duplicate field \"data\""], decoded.StrictErrors);
        Assert.Equal("3", decoded.Json["data"]!["k"]!.GetValue<string>());
    }

    [Fact]
    public void Zero_values_are_absent_unless_there_is_a_pointer()
    {
        var json = Decode("core.v1.Pod", """
            {"metadata":{"name":"","generation":0,"labels":{},"finalizers":[],"deletionGracePeriodSeconds":0},
             "spec":{"hostNetwork":false,"containers":[],"securityContext":{},"enableServiceLinks":false,"nodeSelector":null},"status":{}}
            """).Json.ToJsonString();
        Assert.Equal("""{"metadata":{"deletionGracePeriodSeconds":0},"spec":{"containers":[],"securityContext":{},"enableServiceLinks":false}}""", json);
    }

    [Fact]
    public void Values_come_out_in_their_canonical_form()
    {
        var json = Decode("core.v1.Pod", """
            {"metadata":{"creationTimestamp":"2026-01-02T03:04:05.9+01:00","deletionTimestamp":null},
             "spec":{"containers":[{"resources":{"limits":{"cpu":0.5,"memory":"1024Mi","x":"1e3"}},"args":[null,"a"],
                                    "livenessProbe":{"httpGet":{"port":"http"},"tcpSocket":{"port":80}}}]}}
            """).Json.ToJsonString();
        Assert.Equal(
            """{"metadata":{"creationTimestamp":"2026-01-02T02:04:05Z"},"spec":{"containers":[{"resources":{"limits":{"cpu":"500m","memory":"1Gi","x":"1e3"}},"args":["","a"],"livenessProbe":{"httpGet":{"port":"http"},"tcpSocket":{"port":80}}}]}}""",
            json);
    }

    [Fact]
    public void Broken_characters_are_replaced_one_by_one()
    {
        byte[] json = [.. "{\"data\":{\"a\":\"x"u8, 0xff, 0xe2, 0x82, .. "y\\ud800z\\ud83d\\ude00\"}}"u8];
        var decoded = SchemaDecoder.Decode(json, Type("core.v1.ConfigMap")).Value;
        Assert.Equal("x\ufffd\ufffd\ufffdy\ufffdz😀", decoded.Json["data"]!["a"]!.GetValue<string>());
    }

    [Fact]
    public void Depth_is_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 2_000_000));
        Assert.Equal("invalid character '[' exceeded max depth", Error("apps.v1.ControllerRevision", "{\"data\":" + deep));
        var allowed = "{\"data\":" + string.Concat(Enumerable.Repeat("[", 900)) + string.Concat(Enumerable.Repeat("]", 900)) + "}";
        Assert.Equal("", Error("apps.v1.ControllerRevision", allowed));
    }

    [Fact]
    public void Embedded_values_keep_their_numbers_to_the_letter() => Assert.Equal(
        """{"data":{"a":1.0,"b":1e3,"c":12345678901234567890,"d":null,"e":7}}""",
        Decode("apps.v1.ControllerRevision", """{"data":{"a":1.0,"b":1e3,"c":12345678901234567890,"d":null,"e":7}}""").Json.ToJsonString());

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        var failure = SchemaDecoder.Decode(bytes, Type("core.v1.Pod")).Failure?.Message;
        // What is JSON may still be no object.
        if (Objects.GoJson.Check(bytes) is { } syntax)
            Assert.Equal(syntax, failure);
        else
            Assert.StartsWith("json: cannot unmarshal", failure ?? "json: cannot unmarshal");
        Assert.Equal(failure is null, TypeMetaReader.Read(bytes).Succeeded);
    });

    [Fact]
    public void Mutated_objects_never_throw_and_are_refused_as_the_grammar_says()
    {
        var valid = Encoding.UTF8.GetBytes("""
            {"kind":"Pod","metadata":{"name":"a\u00e4\n","creationTimestamp":"2026-01-02T03:04:05Z","labels":{"a":"b"}},"spec":{"containers":
            [{"name":"c","resources":{"limits":{"cpu":"1"}},"ports":[{"containerPort":80}],"livenessProbe":{"httpGet":{"port":-8e1}}}],
            "priority":10,"hostNetwork":true,"volumes":[null,{"name":"v","emptyDir":{}}]}}
            """);
        var edit = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.OneOf(Gen.Byte, Gen.OneOf([.. "{}[]\",:\\0129-+.eEtfnu "u8.ToArray().Select(b => Gen.Const(b))])), Gen.Int[0, 3]);
        edit.Array[1, 4].Sample(edits =>
        {
            var bytes = valid.ToList();
            foreach (var (at, b, how) in edits)
            {
                var index = Math.Min(at, bytes.Count - 1);
                if (how == 0)
                    bytes.RemoveAt(index);
                else if (how == 1)
                    bytes.Insert(index, b);
                else
                    bytes[index] = b;
            }
            byte[] json = [.. bytes];
            var outcome = SchemaDecoder.Decode(json, Type("core.v1.Pod"));
            // The two readers of the grammar agree.
            var syntax = Objects.GoJson.Check(json);
            Assert.Equal(syntax is null, TypeMetaReader.Read(json).Failure?.Message.Contains("invalid character") != true
                && TypeMetaReader.Read(json).Failure?.Message.Contains("unexpected end") != true);
            if (syntax is not null)
                Assert.Equal(syntax, outcome.Failure?.Message);
            if (outcome.Succeeded)
            {
                var encoded = SchemaEncoder.Encode(outcome.Value.Json, Type("core.v1.Pod"));
                var again = SchemaDecoder.Decode(encoded, Type("core.v1.Pod")).Value;
                Assert.Equal(encoded, SchemaEncoder.Encode(again.Json, Type("core.v1.Pod")));
                Assert.Empty(again.StrictErrors);
            }
        });
    }
}
