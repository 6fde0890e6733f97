import JSONWire
import TestKit
import Testing

@Suite struct WorkflowSchemaTests {
    @Test func `workflows are listed without the private ones`() throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.get("/workflows")
        #expect(
            reply.json.elements.compactMap { $0["workflow_id"]?.string }
                == ["quick", "broken", "held", "asking", "asking-twice"]
        )
        #expect(
            reply.json.elements.first?.jsonText
                == #"{"workflow_id":"quick","title":"Says a word","default":true}"#
        )
    }

    @Test func `a list comes with what each takes where that is asked for`() throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.get("/workflows?include_schema=true")
        let quick = try #require(reply.json.elements.first)
        #expect(quick["description"] == .string("Ends at once."))
        #expect(quick["input"]?.elements.count == 2)
        #expect(try fixture.api.get("/workflows?include_schema=perhaps").status == 422)
    }

    @Test func `types, defaults and descriptions come from the expressions`() throws {
        let fixture = try ControllerFixture(
            """
            component: { id: say, type: logger, message: hi, output: "${input}" }
            workflow:
              id: w
              title: W
              jobs:
                - id: say
                  component: say
                  input:
                    prompt: ${input.prompt as string @(description What to draw)}
                    size: ${input.size as select/small,large | small}
                    count: ${input.count | 3}
                    tags: ${input.tags as string[]}
                    image: ${input.image as image;base64}
                    flag: ${input.flag | true}
                    plain: "about ${input.plain}"
              output: { all: "${output}", n: "${output.count as integer}", text: "x ${output.plain}" }
            """
        )
        let reply = try fixture.api.get("/workflows/w/schema")
        #expect(reply.status == 200)
        let fields = reply.json["input"]?.elements.map(\.jsonText) ?? []
        #expect(
            fields == [
                #"{"name":"prompt","type":"string","is_list":false,"description":"What to draw"}"#,
                #"{"name":"size","type":"select","is_list":false,"options":["small","large"],"default":"small"}"#,
                #"{"name":"count","type":"integer","is_list":false,"default":3}"#,
                #"{"name":"tags","type":"string","is_list":true}"#,
                #"{"name":"image","type":"image","is_list":false,"format":"base64"}"#,
                #"{"name":"flag","type":"boolean","is_list":false,"default":true}"#,
                #"{"name":"plain","type":"any","is_list":false}"#,
            ]
        )
        let output = reply.json["output"]?.elements.map(\.jsonText) ?? []
        #expect(
            output == [
                #"{"name":"all","type":"any","is_list":false}"#,
                #"{"name":"n","type":"integer","is_list":false}"#,
                #"{"name":"text","type":"string","is_list":false}"#,
            ]
        )
        #expect(try fixture.api.get("/workflows/__default__/schema").json == reply.json)
    }

    @Test func `without an output the last step's counts, as far as it is known`() throws {
        let fixture = try ControllerFixture()
        #expect(try fixture.api.get("/workflows/asking/schema").json["output"] == .array([]))
        #expect(try fixture.api.get("/workflows/hidden/schema").status == 200)
    }

    @Test func `an unknown workflow has no schema`() throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.get("/workflows/none/schema")
        #expect(reply.status == 404)
        #expect(reply.json["code"] == .string("workflow_unknown"))
    }
}
