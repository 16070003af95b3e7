using System.Text.Json.Nodes;
using Pilothouse.Objects;

namespace Pilothouse.Catalog.Tests.Rules.ApiExtensions;

/// <summary>What upstream says of faulty definitions of custom resources.</summary>
public sealed class DefinitionRulesTests
{
    private const string At = "spec.validation.openAPIV3Schema";

    private static readonly ServedResource Resource = ObjectText.Served("apiextensions.k8s.io", "v1", "customresourcedefinitions");

    private static JsonObject Definition(string schema = """{"type":"object"}""", string version = "", string spec = "", string name = "widgets.example.com") =>
        (JsonObject)JsonNode.Parse(
            """{"metadata":{"name":"NAME"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":SCHEMA}VERSION}]SPEC}}"""
                .Replace("SCHEMA", schema, StringComparison.Ordinal).Replace("VERSION", version, StringComparison.Ordinal)
                .Replace("SPEC", spec, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal))!;

    private static string Errors(JsonObject definition) =>
        string.Join(" | ", RuleTesting.Create(Resource, definition.ToJsonString()).Errors);

    private static string SchemaErrors(string schema) => Errors(Definition(schema)).Replace(At, "~", StringComparison.Ordinal);

    /// <summary>Errors of a schema with one property that is said.</summary>
    private static string PropertyErrors(string property) =>
        SchemaErrors("""{"type":"object","properties":{"a":PROPERTY}}""".Replace("PROPERTY", property, StringComparison.Ordinal))
            .Replace("~.properties[a]", "a", StringComparison.Ordinal);

    private static List<string> Update(JsonObject definition, Action<JsonObject> edit, string subresource = "")
    {
        var old = RuleTesting.Prepared(Resource, definition.ToJsonString());
        DefinitionConditions.Set(old, "Established", "True", "", "", DateTimeOffset.UnixEpoch);
        return RuleTesting.Update(Resource, old, subresource, edit);
    }

    [Fact]
    public void What_is_not_said_is_filled_in()
    {
        var definition = RuleTesting.Prepared(Resource, Definition().ToJsonString());
        Assert.Equal(
            """{"plural":"widgets","kind":"Widget","singular":"widget","listKind":"WidgetList"}""", definition["spec"]!["names"]!.ToJsonString());
        Assert.Equal("None", (string)definition["spec"]!["conversion"]!["strategy"]!);
        Assert.Equal("""{"storedVersions":["v1"]}""", definition["status"]!.ToJsonString());
        Assert.Equal("", Errors(Definition()));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"spec":{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}},"port":{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]}}}""")]
    [InlineData("""{"type":"object","x-kubernetes-preserve-unknown-fields":true,"allOf":[{"required":["a"]}],"properties":{"a":{}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}}}""")]
    [InlineData("""{"type":"object","properties":{"metadata":{"type":"object","properties":{"name":{"type":"string","pattern":"^a+$"}}}}}""")]
    [InlineData("""{"type":"object","properties":{"l":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"}}}}}}""")]
    public void Sound_schemas_pass(string schema) => Assert.DoesNotContain("Forbidden", SchemaErrors(schema), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{}""", "~.type: Required value: must not be empty at the root")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "~.type: Invalid value: \"array\": must be object at the root")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", "~.additionalProperties: Forbidden: must not be used at the root")]
    [InlineData("""{"type":"object","nullable":true}""", "~.nullable: Forbidden: nullable cannot be true at the root")]
    [InlineData("""{"type":"object","properties":{"kind":{"type":"object"}}}""", "~.properties[kind].type: Invalid value: \"object\": must be string")]
    [InlineData(
        """{"type":"object","properties":{"metadata":{"type":"object","properties":{"labels":{"type":"object"}}}}}""",
        "~.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified")]
    [InlineData(
        """{"type":"object","properties":{"metadata":{"type":"object","default":{}}}}""",
        "~.properties[metadata].default: Forbidden: must not be set in top-level metadata")]
    [InlineData(
        """{"type":"object","allOf":[{"properties":{"b":{"minLength":1}}}]}""",
        "~.properties[b]: Required value: because it is defined in ~.allOf[0].properties[b]")]
    public void Faults_of_roots_are_named(string schema, string expected) => Assert.Equal(expected, SchemaErrors(schema));

    [Theory]
    [InlineData("""{}""", "a.type: Required value: must not be empty for specified object fields")]
    [InlineData("""{"type":"array"}""", "a.items: Required value: must be specified")]
    [InlineData("""{"type":"array","items":{}}""", "a.items.type: Required value: must not be empty for specified array items")]
    [InlineData("""{"type":"array","items":[{"type":"string"}]}""", "a.items: Forbidden: items must be a schema object and not an array")]
    [InlineData("""{"type":"wat"}""", "a.type: Unsupported value: \"wat\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\"")]
    [InlineData("""{"type":"string","pattern":"a("}""", "a.pattern: Invalid value: \"a(\": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `a(`")]
    [InlineData("""{"type":"string","uniqueItems":true}""", "a.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic")]
    [InlineData("""{"$ref":"#/x"}""", "a.$ref: Forbidden: $ref is not supported")]
    [InlineData("""{"type":"object","x-kubernetes-preserve-unknown-fields":false}""", "a.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined")]
    [InlineData("""{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"}]}""", "a.anyOf[0].type: Forbidden: must be empty to be structural")]
    [InlineData("""{"type":"string","not":{"nullable":true}}""", "a.not.nullable: Forbidden: must be false to be structural")]
    [InlineData("""{"x-kubernetes-int-or-string":true,"x-kubernetes-preserve-unknown-fields":true}""", "a.x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true")]
    [InlineData(
        """{"type":"object","properties":{"b":{"type":"string"}},"additionalProperties":{"type":"string"}}""",
        "a.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive")]
    [InlineData("""{"type":"string","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}""", "a.type: Invalid value: \"string\": must be object if x-kubernetes-embedded-resource is true")]
    [InlineData("""{"type":"string","x-kubernetes-list-type":"set"}""", "a.type: Invalid value: \"string\": must be array if x-kubernetes-list-type is specified")]
    [InlineData("""{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"wat"}""", "a.x-kubernetes-list-type: Unsupported value: \"wat\": supported values: \"atomic\", \"set\", \"map\"")]
    [InlineData("""{"type":"string","x-kubernetes-map-type":"atomic"}""", "a.type: Invalid value: \"string\": must be object if x-kubernetes-map-type is specified")]
    [InlineData("""{"type":"array","items":{"type":"object"},"x-kubernetes-list-type":"set"}""", "a.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set")]
    [InlineData("""{"type":"array","items":{"type":"string","nullable":true},"x-kubernetes-list-type":"set"}""", "a.items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set")]
    [InlineData("""{"type":"array","items":{"type":"object"},"x-kubernetes-list-type":"map"}""", "a.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map")]
    [InlineData("""{"type":"array","items":{"type":"object"},"x-kubernetes-list-map-keys":["k"]}""", "a.x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty")]
    [InlineData(
        """{"type":"array","items":{"type":"object","properties":{"k":{"type":"string"}}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k","k","x"]}""",
        "a.x-kubernetes-list-map-keys: Invalid value: [\"k\",\"k\",\"x\"]: must not contain duplicate entries | "
        + "a.x-kubernetes-list-map-keys: Invalid value: [\"k\",\"k\",\"x\"]: entries must all be names of item properties | "
        + "a.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property | "
        + "a.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property")]
    public void Faults_of_properties_are_named(string property, string expected) => Assert.Equal(expected, PropertyErrors(property));

    [Theory]
    [InlineData("""{"rule":" "}""", "rule: Required value: rule is not specified")]
    [InlineData("""{"rule":"true","message":" "}""", "message: Invalid value: \" \": must be non-empty if specified")]
    [InlineData("""{"rule":"true\n&& true"}""", "message: Required value: message must be specified if rule contains line breaks")]
    [InlineData("""{"rule":"true","message":"a\nb"}""", "message: Invalid value: \"a\\nb\": must not contain line breaks")]
    [InlineData("""{"rule":"true","reason":"Wat"}""", "reason: Unsupported value: \"Wat\": supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", \"FieldValueInvalid\", \"FieldValueRequired\"")]
    [InlineData("""{"rule":"true","fieldPath":".c"}""", "fieldPath: Invalid value: \".c\": must be a valid path")]
    [InlineData("""{"rule":"true","fieldPath":".b['x.y']"}""", "")]
    [InlineData("""{"rule":"true","messageExpression":" "}""", "messageExpression: Required value: messageExpression must be non-empty if specified")]
    [InlineData(
        """{"rule":"self.x"}""",
        "rule: Invalid value: {\"Rule\":\"self.x\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}: "
        + "compilation failed: ERROR: <input>:1:5: undefined field 'x'\n | self.x\n | ....^")]
    [InlineData(
        """{"rule":"self.t"}""",
        "rule: Invalid value: {\"Rule\":\"self.t\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}: "
        + "cel expression must evaluate to a bool")]
    [InlineData(
        """{"rule":"true","messageExpression":"self.t.size()"}""",
        "messageExpression: Invalid value: {\"Rule\":\"true\",\"Message\":\"\",\"MessageExpression\":\"self.t.size()\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}: "
        + "messageExpression must evaluate to a string")]
    [InlineData("""{"rule":"self.t == 'a'","optionalOldSelf":true}""", "optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule")]
    [InlineData("""{"rule":"oldSelf.hasValue() || self.t == 'a'","optionalOldSelf":true}""", "")]
    [InlineData("""{"rule":"self.t == oldSelf.t && self.when < timestamp('2020-01-01T00:00:00Z') && self.b.all(k, self.b[k] > 1) && self.__namespace__ == 'x' && self.d__dash__e"}""", "")]
    [InlineData("""{"rule":"self.namespace.startsWith('a')"}""", "")]
    [InlineData("""{"rule":"self.t.matches('^a')","messageExpression":"'it is ' + self.t","reason":"FieldValueForbidden","fieldPath":".t"}""", "")]
    public void Faults_of_rules_are_named(string rule, string expected)
    {
        var errors = PropertyErrors(
            """{"type":"object","properties":{"t":{"type":"string","maxLength":10},"b":{"type":"object","maxProperties":5,"additionalProperties":{"type":"integer"}},"when":{"type":"string","format":"date-time"},"namespace":{"type":"string"},"d-e":{"type":"boolean"}},"x-kubernetes-validations":[RULE]}"""
                .Replace("RULE", rule, StringComparison.Ordinal));
        Assert.Equal(expected, errors.Replace("a.x-kubernetes-validations[0].", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"object","default":{"b":1,"c":{"d":2}},"properties":{"b":{"type":"integer"}}}""", "a.default: Invalid value: {\"b\":1,\"c\":{\"d\":2}}: must not have unknown fields")]
    [InlineData("""{"type":"object","default":{"x":{"y":1}},"additionalProperties":{"type":"object","properties":{"z":{"type":"integer"}}}}""", "a.default: Invalid value: {\"x\":{\"y\":1}}: must not have unknown fields")]
    [InlineData("""{"type":"array","default":[{"y":1}],"items":{"type":"object"}}""", "a.default: Invalid value: [{\"y\":1}]: must not have unknown fields")]
    [InlineData("""{"type":"object","default":{"x":{"y":[{"z":1}]}},"x-kubernetes-preserve-unknown-fields":true}""", "")]
    [InlineData("""{"type":"object","default":{"b":1},"properties":{"b":{"type":"integer"}}}""", "")]
    [InlineData("""{"type":"string","not":{"default":"x"}}""", "a.not.default: Forbidden: must be undefined to be structural")]
    public void Faults_of_defaults_are_named(string property, string expected) => Assert.Equal(expected, PropertyErrors(property));

    [Fact]
    public void Defaults_that_had_unknown_fields_before_may_stay() => Assert.Empty(Update(
        Definition("""{"type":"object","properties":{"a":{"type":"object","default":{"b":1}}}}"""),
        d => d["metadata"]!["labels"] = new JsonObject { ["a"] = "b" }));

    [Fact]
    public void Rules_that_may_cost_too_much_are_refused()
    {
        const string Unlimited = """{"type":"array","items":{"type":"string","x-kubernetes-validations":[{"rule":"self.contains('a')"}]},"x-kubernetes-validations":[{"rule":"self.all(x, self.all(y, x == y))"}]}""";
        Assert.Equal(
            "a.items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared) | "
            + "a.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared) | "
            + "a.x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema | "
            + "a.items.x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema | "
            + "~: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)",
            PropertyErrors(Unlimited));
        const string Limited = """{"type":"array","maxItems":10,"items":{"type":"string","maxLength":10,"x-kubernetes-validations":[{"rule":"self.contains('a')"}]},"x-kubernetes-validations":[{"rule":"self.all(x, self.all(y, x == y))"}]}""";
        Assert.Equal("", PropertyErrors(Limited));
    }

    [Fact]
    public void Rules_cannot_speak_of_old_values_that_nobody_can_tell_apart()
    {
        Assert.Equal(
            "a.items.x-kubernetes-validations[0].rule: Invalid value: \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema within a",
            PropertyErrors("""{"type":"array","maxItems":3,"items":{"type":"string","maxLength":3,"x-kubernetes-validations":[{"rule":"self == oldSelf"}]}}"""));
        Assert.Equal("", PropertyErrors(
            """{"type":"array","maxItems":3,"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{"k":{"type":"string","maxLength":3}},"x-kubernetes-validations":[{"rule":"self == oldSelf"}]}}"""));
    }

    [Theory]
    [InlineData("granular", true)]
    [InlineData("atomic", true)]
    [InlineData("future", false)]
    public void Old_values_of_fields_are_known(string mapType, bool known) => Assert.Equal(
        !known,
        PropertyErrors(
            """{"type":"object","x-kubernetes-map-type":"TYPE","properties":{"b":{"type":"string","maxLength":3,"x-kubernetes-validations":[{"rule":"self == oldSelf"}]}}}"""
                .Replace("TYPE", mapType, StringComparison.Ordinal)).Contains("uncorrelatable", StringComparison.Ordinal));

    [Fact]
    public void A_rule_on_many_values_counts_for_each() => Assert.Equal(
        "~.properties[l].items.x-kubernetes-validations[0].rule: Forbidden | ~.properties[l].items.x-kubernetes-validations[0].rule: Forbidden | "
        + "~.properties[m].additionalProperties.x-kubernetes-validations[0].rule: Forbidden | ~: Forbidden",
        string.Join(" | ", SchemaErrors("""{"type":"object","properties":{"l":{"type":"array","maxItems":100000,"items":{"type":"string","maxLength":5000,"x-kubernetes-validations":[{"rule":"self.contains('keyword')"}]}},"m":{"type":"object","maxProperties":1000,"additionalProperties":{"type":"string","maxLength":5000,"x-kubernetes-validations":[{"rule":"self.contains('keyword')"}]}},"f":{"type":"integer","x-kubernetes-validations":[{"rule":"self > 50 && self < 100"}]}}}""")
            .Split(" | ").Select(e => string.Join(": ", e.Split(": ").Take(2)))));

    [Fact]
    public void Rules_below_faulty_schemas_are_left_alone() => Assert.Equal(
        "a.properties[b].type: Required value: must not be empty for specified object fields",
        PropertyErrors("""{"type":"object","properties":{"b":{}},"x-kubernetes-validations":[{"rule":"nonsense("}]}"""));

    [Fact]
    public void Versions_must_be_what_they_are()
    {
        Assert.Equal(
            "spec.versions: Invalid value: [{\"Name\":\"v1\",\"Served\":true,\"Storage\":true,\"Deprecated\":false,\"DeprecationWarning\":null,"
            + "\"Schema\":{\"OpenAPIV3Schema\":" + Internal("object", "\"A\"") + "},\"Subresources\":null,\"AdditionalPrinterColumns\":null,\"SelectableFields\":null},"
            + "{\"Name\":\"v1\",\"Served\":true,\"Storage\":false,\"Deprecated\":false,\"DeprecationWarning\":null,"
            + "\"Schema\":{\"OpenAPIV3Schema\":" + Internal("object", "\"\"") + "},\"Subresources\":null,\"AdditionalPrinterColumns\":null,\"SelectableFields\":null}]: "
            + "must contain unique version names",
            Errors(WithVersions("""[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","description":"A"}}},{"name":"v1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"}}}]""")));
        Assert.Equal(
            "spec.versions[0].deprecationWarning: Invalid value: \"x\": can only be set for deprecated versions",
            Errors(Definition(version: ",\"deprecationWarning\":\"x\"")));
        Assert.Equal(
            "spec.versions[0].deprecationWarning: Invalid value: \"a\\u0007\": must only contain printable UTF-8 characters; non-printable character found at index 1",
            Errors(Definition(version: ",\"deprecated\":true,\"deprecationWarning\":\"a\\u0007\"")));
    }

    [Fact]
    public void Versions_that_differ_name_their_own_fields() => Assert.Equal(
        "spec.versions[1].schema.openAPIV3Schema.type: Required value: must not be empty at the root | "
        + "spec.versions[1].additionalPrinterColumns[0].type: Required value: must be one of boolean,date,integer,number,string | "
        + "spec.versions[1].selectableFields[0].jsonPath: Invalid value: \"a\": is an invalid path: expected [ or . but got: a",
        Errors(WithVersions("""[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}},{"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{}},"additionalPrinterColumns":[{"name":"a","jsonPath":".a"}],"selectableFields":[{"jsonPath":"a"}]}]""")));

    [Fact]
    public void With_a_status_of_its_own_the_root_restricts_nothing()
    {
        const string Status = ",\"subresources\":{\"status\":{}}";
        Assert.Equal("", Errors(Definition("""{"type":"object","required":["spec"]}""", Status)));
        Assert.Equal(
            At + ": Invalid value: " + Internal("object", "\"\"").Replace("\"MaxProperties\":null", "\"MaxProperties\":3", StringComparison.Ordinal)
            + ": only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems "
            + "MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema "
            + "if the status subresource is enabled",
            Errors(Definition("""{"type":"object","maxProperties":3}""", Status)));
    }

    [Fact]
    public void Too_many_selectable_fields_are_refused_unless_they_were_there_before()
    {
        var names = Enumerable.Range(0, 9).Select(i => $"f{i}").ToList();
        var definition = Definition(
            $$"""{"type":"object","properties":{ {{string.Join(',', names.Select(n => $"\"{n}\":{{\"type\":\"string\"}}"))}} } }""",
            $",\"selectableFields\":[{string.Join(',', names.Select(n => $"{{\"jsonPath\":\".{n}\"}}"))}]");
        Assert.Equal("spec.selectableFields: Too many: 9: must have at most 8 items", Errors(definition));
        Assert.Empty(Update(definition, d => d["metadata"]!["labels"] = new JsonObject { ["a"] = "b" }));
    }

    [Fact]
    public void What_was_let_in_before_may_stay()
    {
        var nonStructural = Definition("""{"properties":{"a":{"items":{"x-kubernetes-list-type":"set"}}}}""", spec: ",\"preserveUnknownFields\":true");
        nonStructural["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"] = JsonNode.Parse("""{"properties":{"a":{"type":"wat"}}}""");
        Assert.Empty(Update(nonStructural, d => d["metadata"]!["labels"] = new JsonObject { ["a"] = "b" }));
        var expensive = Definition("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"},"x-kubernetes-validations":[{"rule":"self.all(x, self.all(y, x == y))"}]}}}""");
        Assert.DoesNotContain(Update(expensive, d => d["metadata"]!["labels"] = new JsonObject { ["a"] = "b" }), e => e.Contains("estimated rule cost exceeds", StringComparison.Ordinal));
        Assert.Contains(
            Update(expensive, d => d["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["description"] = "x"),
            e => e.Contains("estimated rule cost exceeds", StringComparison.Ordinal));
    }

    [Fact]
    public void An_established_definition_keeps_its_kind_and_scope()
    {
        Assert.Equal(
            ["spec.scope: Invalid value: \"Cluster\": field is immutable", "spec.names.kind: Invalid value: \"Gadget\": field is immutable"],
            Update(Definition(), d =>
            {
                d["spec"]!["scope"] = "Cluster";
                d["spec"]!["names"]!["kind"] = "Gadget";
            }));
    }

    [Fact]
    public void A_version_that_objects_are_stored_in_stays()
    {
        var definition = Definition();
        Assert.Equal(
            ["status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions"],
            Update(definition, d => d["spec"]!["versions"]![0]!["name"] = "v2"));
        var old = RuleTesting.Prepared(Resource, definition.ToJsonString());
        var obj = (JsonObject)old.DeepClone();
        obj["spec"]!["versions"]![0]!["name"] = "v2";
        Resource.Stored.Strategy.PrepareForUpdate(ObjectText.Context(Resource), obj, old);
        Assert.Equal("""["v1","v2"]""", obj["status"]!["storedVersions"]!.ToJsonString());
        Assert.Equal(2, ObjectMetadata.Of(obj).Generation);
    }

    [Fact]
    public void Conversions_by_webhooks_say_whom_to_ask()
    {
        Assert.Equal(
            "spec.conversion.webhookClientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path] | "
            + "spec.conversion.conversionReviewVersions[1]: Invalid value: \"v9\": duplicate version | "
            + "spec.conversion.conversionReviewVersions: Invalid value: [\"v9\",\"v9\"]: must include at least one of v1, v1beta1",
            Errors(Definition(spec: ""","conversion":{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v9","v9"],"clientConfig":{"url":"http://x"}}}""")));
        const string Valid = ""","conversion":{"strategy":"Webhook","webhook":{"conversionReviewVersions":["v1"],"clientConfig":{"url":"https://x"}}}""";
        Assert.Equal(
            ["spec.conversion.webhookClientConfig.caBundle: Invalid value: \"Tm9wZQ==\": unable to load root certificates: unable to parse bytes as PEM block"],
            Update(Definition(spec: Valid), d => d["spec"]!["conversion"]!["webhook"]!["clientConfig"]!["caBundle"] = "Tm9wZQ=="));
    }

    [Fact]
    public void New_formats_that_nobody_checks_are_warned_of()
    {
        var definition = Definition("""{"type":"object","properties":{"a":{"type":"string","format":"wat"},"b":{"type":"integer","format":"int8"},"c":{"type":"string","format":"date-time"}}}""");
        Assert.Equal(["unrecognized format \"wat\"", "unrecognized format \"int8\""], RuleTesting.Create(Resource, definition.ToJsonString()).Warnings);
    }

    [Fact]
    public void Schemas_that_are_not_structural_are_said_to_be_so()
    {
        Assert.Null(NonStructuralSchemas.Check(Definition()));
        Assert.Equal(
            ("True", "Violations",
                "[spec.preserveUnknownFields: Invalid value: true: must be false, spec.versions[0].schema.openAPIV3Schema.type: Required value: must not be empty at the root]"),
            NonStructuralSchemas.Check(Definition("""{}""", spec: ",\"preserveUnknownFields\":true")));
        Assert.Equal(
            ("Unknown", "StructuralError", "failed to check validation schema for version v1: OpenAPIV3Schema '$ref' is not supported"),
            NonStructuralSchemas.Check(Definition("""{"$ref":"#/a"}""")));
    }

    [Theory]
    [InlineData("", ApiApproval.State.Missing)]
    [InlineData("unapproved, whatever", ApiApproval.State.Bypassed)]
    [InlineData("https://github.com/x/y/pull/1", ApiApproval.State.Approved)]
    [InlineData("yes", ApiApproval.State.Invalid)]
    public void Approvals_are_read(string annotation, ApiApproval.State expected) => Assert.Equal(
        expected,
        ApiApproval.Of(new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["api-approved.kubernetes.io"] = annotation } } }).State);

    [Theory]
    [InlineData("a", "a")]
    [InlineData("namespace", "__namespace__")]
    [InlineData("a.b/c-d__e", "a__dot__b__slash__c__dash__d__underscores__e")]
    [InlineData("1a", null)]
    [InlineData("ä", null)]
    public void Properties_are_fields_under_escaped_names(string property, string? field) => Assert.Equal(field, CelNames.Escape(property));

    private static JsonObject WithVersions(string versions)
    {
        var definition = Definition();
        definition["spec"]!["versions"] = JsonNode.Parse(versions);
        return definition;
    }

    /// <summary>A schema as upstream's internal type shows it.</summary>
    private static string Internal(string type, string description) =>
        $$"""{"ID":"","Schema":"","Ref":null,"Description":{{description}},"Type":"{{type}}","Nullable":false,"Format":"","Title":"","Default":null,"Maximum":null,"ExclusiveMaximum":false,"Minimum":null,"ExclusiveMinimum":false,"MaxLength":null,"MinLength":null,"Pattern":"","MaxItems":null,"MinItems":null,"UniqueItems":false,"MultipleOf":null,"Enum":null,"MaxProperties":null,"MinProperties":null,"Required":null,"Items":null,"AllOf":null,"OneOf":null,"AnyOf":null,"Not":null,"Properties":null,"AdditionalProperties":null,"PatternProperties":null,"Dependencies":null,"AdditionalItems":null,"Definitions":null,"ExternalDocs":null,"Example":null,"XPreserveUnknownFields":null,"XEmbeddedResource":false,"XIntOrString":false,"XListMapKeys":null,"XListType":null,"XMapType":null,"XValidations":null}""";
}
