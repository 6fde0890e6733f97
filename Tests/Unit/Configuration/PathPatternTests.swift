import Testing

@testable import Listeners

/// Parameters of paths: how they are written, and what is said of other ways.
@Suite struct PathPatternTests {
    @Test(
        arguments: [
            ("/a/b", [], "/a/b"), ("/{id}", ["id"], "/{}"),
            ("/a/{x}/b/{y-2}", ["x", "y-2"], "/a/{}/b/{}"),
            ("/f/{rest:path}", ["rest"], "/f/{:path}"), ("/v1/things:run", [], "/v1/things:run"),
            ("/{token:secret}/a", ["token"], "/{}/a"),
            ("/a/$batch", [], "/a/$batch"), ("/a//b", [], "/a//b"), ("/", [], "/"),
        ] as [(String, [String], String)]
    ) func `a path is read`(_ path: String, _ names: [String], _ shape: String) throws {
        let pattern = try PathPattern(path)
        #expect(pattern.names == names)
        #expect(pattern.shape == shape)
    }

    @Test(
        arguments: [
            ("/:id", "{id}"), ("/a/<id>", "{id}"), ("/<int:id>", "{id}"), ("/*", "{rest:path}"),
            ("/**", "{rest:path}"), ("/*rest", "{rest:path}"), ("/[id]", "{id}"), ("/{a}{b}", nil),
            ("/x{a}", nil), ("/{a}.json", nil), ("/{a:int}", "{a}"), ("/{a:uuid}", "{a}"),
            ("/{}", nil),
            ("/{ id }", "{id}"), ("/{1a}", "{a}"), ("/{a b}", "{a}"), ("/{id", "{id}"),
            ("/id}", "{id}"),
            ("/{a}/{a}", nil), ("/{a}/{a:path}", nil), ("/{a:path}/b", nil),
            ("/{{a}}", nil),
        ] as [(String, String?)]
    ) func `another spelling is refused with the right one`(
        _ path: String,
        _ suggestion: String?
    ) {
        let mistake = #expect(throws: PathPattern.Mistake.self) { try PathPattern(path) }
        #expect(mistake?.suggestion == suggestion, "\(mistake?.message ?? "")")
    }

    private func findings(_ callbacks: String) -> [String] {
        Loading(
            "listener: { callbacks: [ \(callbacks) ] }\n"
                + "workflow: { id: w, jobs: [ { id: j, type: wait, wait_for: k } ] }"
        ).findings
    }

    @Test func `a path written for another router is an error at the path`() {
        #expect(
            findings(#"{ path: "/t/:id", identify_by: "${body.id}" }"#).contains {
                $0.hasPrefix("1:34 `:id` is not how a parameter is written here")
                    && $0.hasSuffix("({id})")
            }
        )
    }

    @Test(arguments: [
        (
            #"identify_by: "${path.idd}""#,
            "the path has no parameter `idd`; there are `id` (${path.id})"
        ),
        (
            #"identify_by: "${body.x}", status: "${path.state}""#,
            "the path has no parameter `state`; there are `id`"
        ),
        (
            #"identify_by: "${body.x}", result: { a: ["${path.a}"] }"#,
            "the path has no parameter `a`; there are `id`"
        ),
        (
            #"identify_by: "${body.x}", deduplicate_by: "${path.a}""#,
            "the path has no parameter `a`; there are `id`"
        ),
        (
            #"identify_by: "${path[0]}""#,
            "`path` is a text; a parameter of it is named, as in `${path.id}`"
        ),
        (
            #"identify_by: "${path.id.x}""#,
            "the parameter `id` of the path is a text and has no parts (${path.id})"
        ),
    ]) func `a parameter that is not in the path is an error where it is read`(
        _ keys: String,
        _ said: String
    ) {
        let all = findings(#"{ path: "/t/{id}", \#(keys) }"#)
        #expect(all.contains { $0.contains(said) }, "\(all)")
    }

    @Test func `on a path without parameters it says how one is written`() {
        let all = findings(#"{ path: /t, identify_by: "${path.id}" }"#)
        #expect(
            all.contains {
                $0.contains("the endpoint's path has none: one is written `{id}` in it")
            },
            "\(all)"
        )
    }

    @Test func `two endpoints that cannot be told apart are an error at the second`() {
        let all = findings(
            #"{ path: "/t/{a}", identify_by: "${path.a}" }, { path: "/t/{b}", identify_by: "${path.b}" }"#
        )
        #expect(
            all.contains {
                $0.hasPrefix(
                    "1:80 two endpoints of this listener take the same requests: POST /t/{a} and POST /t/{b}"
                )
            },
            "\(all)"
        )
        let fine = findings(
            #"""
            { path: "/t/{a}", identify_by: k }, { path: "/t/{b}", method: GET, identify_by: k },
            { path: /t/x, identify_by: k }, { path: "/t/{r:path}", identify_by: k }
            """#
        )
        #expect(!fine.contains { $0.contains("two endpoints") }, "\(fine)")
    }

    @Test(
        arguments: [
            ("{ status: 200 }", nil), ("{ status: 299 }", nil),
            ("{ status: 300 }", "an integer from 200 to 299"),
            ("{ status: ok }", "an integer from 200 to 299"),
            ("{}", "the key `status` is missing"), ("200", "expected a map"),
            ("{ status: 200, body: x }", "headers, body and waiting come later"),
            ("{ status: 200, headers: {} }", "headers, body and waiting come later"),
            ("{ wait: 5s, status: 200 }", "headers, body and waiting come later"),
        ] as [(String, String?)]
    ) func `respond takes a status`(_ respond: String, _ said: String?) {
        for endpoint in [
            findings(#"{ path: /t, identify_by: "${body.id}", respond: \#(respond) }"#),
            Loading(
                "listener: { path: /t, workflow: w, respond: \(respond) }\n"
                    + "workflow: { id: w, jobs: [ { id: j, type: wait, wait_for: k } ] }"
            ).findings,
        ] {
            if let said {
                #expect(endpoint.contains { $0.contains(said) }, "\(endpoint)")
            } else {
                #expect(endpoint.isEmpty, "\(endpoint)")
            }
        }
    }
}
