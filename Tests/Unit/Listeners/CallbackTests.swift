import Expressions
import HTTPEngine
import HTTPWire
import JSONWire
import Primitives
import Rendezvous
import Testing
import Workflows

@testable import Listeners

/// Both ways to read a callback, held against each other over a table of endpoints and bodies.
@Suite struct CallbackTests {
    private static let ids = [
        nil, #""k1""#, #""""#, #""\u0041b""#, #""é""#, #""\ud800""#, #""\ufffd""#, "77", "-0", "-5",
        "99999999999999999999", "1e2", "77.0", "true", "false", "null", "[1]", #"{"a":1}"#,
        "\"" + String(repeating: "k", count: 1024) + "\"",
        "\"" + String(repeating: "k", count: 1025) + "\"",
    ]
    private static let statuses = [
        nil, #""done""#, #""failed""#, #""at work""#, #""d\u006fne""#, #""""#, "null", "1", "true",
        "{}",
    ]
    private static let results = [
        nil, "null", "1.50", #""te\u0078t""#, #"{ "a" : [ 1, 2 ] }"#, #"[{"b":"é"}]"#,
    ]

    private static func bodies() -> [String] {
        var bodies: [String] = []
        for id in ids {
            for status in statuses {
                for result in results {
                    let members = [("id", id), ("status", status), ("out", result)]
                    let inner = members.compactMap { name, value in
                        value.map { "\"\(name)\": \($0)" }
                    }
                    let text = inner.joined(separator: ", ")
                    bodies.append(#"{\#(text), "deep": {\#(text)}, "list": [{\#(text)}]}"#)
                }
            }
        }
        return bodies.map { $0.replacing("{, ", with: "{") }
    }

    private static let listeners = [
        #"{ path: /a, identify_by: "${body.id}" }"#,
        #"{ path: /b, identify_by: "${body.id}", status: "${body.status}", success_when: [done], fail_when: [failed] }"#,
        #"{ path: /c, identify_by: "${body.deep.id}", status: "${body.deep.status}", fail_when: [failed], result: "${body.out}" }"#,
        #"{ path: /d, identify_by: "${body.list[0].id}", status: "${body.status}", success_when: [done, ""], result: "${body.list[0].out}" }"#,
        #"{ path: /e, bulk: true, item: "${body.list}", identify_by: "${item.id}", status: "${item.status}", success_when: [done], fail_when: [failed] }"#,
        #"{ path: /f, bulk: true, item: "${body.list}", identify_by: "${item.id}", status: "${body.status}", fail_when: [done], result: "${item.out}" }"#,
    ].map { "  - { type: http-callback, port: 8090, callbacks: [ \($0) ] }\n" }

    @Test(arguments: listeners)
    func `a callback read in place is the one that its expressions yield`(
        listener: String
    ) throws {
        let fixture = try ListenerFixture(listener)
        let endpoint = try #require(fixture.endpoints.first)
        let path = try #require(endpoint.fastPath)
        var comparedCount = 0
        for text in Self.bodies() {
            let body = Array(text.utf8)
            fixture.scanner.read(body.span) { document in
                guard case .success(let document) = document else {
                    Issue.record("no JSON: \(text)")
                    return
                }
                let root = document.root
                guard let item = endpoint.isBulk ? root.select(list: "list") : root else { return }
                let fast = Callback(path, endpoint.statusRule, body: root, item: item) {
                    fixture.matcher.prepare($0, endpoint.channel)
                }
                let slow = Self.evaluated(root, item, endpoint)
                guard let fast else {
                    // What is not read in place is what has no usual key or no usual status.
                    let isUsual =
                        (slow?.keyBytes.count ?? 0) > 0
                        && slow?.hasTextKeyAndStatus(item, root, endpoint) == true
                    #expect(!isUsual, "not read in place: \(text)")
                    return
                }
                comparedCount += 1
                guard let slow else {
                    Issue.record("read in place, and refused by its expressions: \(text)")
                    return
                }
                Self.compare(fast, slow, endpoint, text)
            }
        }
        #expect(comparedCount > 100)
    }

    private static func evaluated(
        _ root: JSONElement,
        _ item: JSONElement,
        _ endpoint: CallbackEndpoint
    ) -> Callback? {
        let scope = ListenerScope(
            body: .json(root),
            item: .json(item),
            facts: .none,
            gateways: GatewayValues()
        )
        do throws(Problem) {
            return try Callback(scope, endpoint: endpoint)
        } catch {
            return nil
        }
    }

    private static func compare(
        _ fast: Callback,
        _ slow: Callback,
        _ endpoint: CallbackEndpoint,
        _ text: String
    ) {
        #expect(fast.keyBytes == slow.keyBytes, "\(text)")
        #expect(fast.verdict == slow.verdict, "\(text)")
        #expect(fast.status == slow.status, "\(text)")
        #expect(fast.hasStatus == slow.hasStatus, "\(text)")
        #expect(fast.result == slow.result, "\(text)")
        guard fast.verdict != .progress else { return }
        #expect(fast.resultCount == slow.resultCount, "\(text)")
        let id = UUIDv7(high: 1, low: 2)
        let records = [fast, slow].map { callback in
            callback.withKey { callback.record(key: $0, endpoint.channel, id) }
        }
        #expect(records[0].key == records[1].key)
        #expect(records[0].statusText == records[1].statusText)
        #expect(records[0].resultBytes == records[1].resultBytes)
        #expect(records[0].hasFailed == records[1].hasFailed)
        #expect(records[0].hasFailed == (fast.verdict == .failure))
    }

    @Test func `an endpoint whose expressions do more is read by them`() throws {
        for more in [
            #"identify_by: "job-${body.id}""#, #"identify_by: "${header.x-id}""#,
            #"identify_by: "${body.id}", deduplicate_by: "${body.n}""#,
            #"identify_by: "${body.id}", item: "${body.inner}""#,
            #"identify_by: "${body.list[-1]}""#,
        ] {
            let fixture = try ListenerFixture(
                "  - { type: http-callback, port: 8090, callbacks: [ { path: /a, \(more) } ] }\n"
            )
            #expect(fixture.endpoints[0].fastPath == nil, "\(more)")
        }
    }

    @Test func `what tells a repeated callback is its item, its body or what the endpoint names`()
        throws
    {
        let fixture = try ListenerFixture(
            #"""
              - type: http-callback
                port: 8090
                callbacks:
                  - { path: /a, identify_by: "${body.id}" }
                  - { path: /b, identify_by: "${body.id}", deduplicate_by: "${body.n}" }
            """#
        )
        let text = #" {"id":"k","n":7} "#
        for (endpoint, expected, isNamed) in zip3(
            fixture.endpoints,
            [#"{"id":"k","n":7}"#, "\0" + "7"],
            [false, true]
        ) {
            let content = try fixture.content(text, endpoint)
            #expect(content.bytes == Array(expected.utf8))
            #expect(content.isNamed == isNamed)
        }
    }

    private func zip3<A, B, C>(_ a: [A], _ b: [B], _ c: [C]) -> [(A, B, C)] {
        zip(a, zip(b, c)).map { ($0, $1.0, $1.1) }
    }
}

extension Callback {
    /// Whether its key is a text, an integer or a boolean and its status a text or none, as the body has them.
    fileprivate func hasTextKeyAndStatus(
        _ item: JSONElement,
        _ root: JSONElement,
        _ endpoint: CallbackEndpoint
    ) -> Bool {
        guard let path = endpoint.fastPath,
            let key = path.key.element(body: root, item: item),
            [.string, .integer, .bool].contains(key.kind)
        else { return false }
        guard let status = path.status?.element(body: root, item: item) else { return true }
        return status.kind == .string || status.isNull
    }
}

extension JSONElement {
    /// The first element of a member that is a list.
    fileprivate func select(list name: String) -> JSONElement? {
        member(JSONName(name))?.element(at: 0)
    }
}

extension ListenerFixture {
    /// The bytes by which a callback is told from others.
    fileprivate func content(
        _ text: String,
        _ endpoint: CallbackEndpoint
    ) throws -> (bytes: [UInt8], isNamed: Bool) {
        let body = Array(text.utf8)
        return try body.withRawSpan { body in
            let result = scanner.read(body) { document -> Result<([UInt8], Bool), Problem> in
                guard case .success(let document) = document else { return .success(([], false)) }
                let root = ListenerScope.Tree.json(document.root)
                do throws(Problem) {
                    let callback = try endpoint.read(
                        root,
                        of: root,
                        mistake: nil,
                        matcher,
                        .none,
                        gateways
                    )
                    return .success(callback.withContent(of: body) { ($0.copied, $1) })
                } catch {
                    return .failure(error)
                }
            }
            return try result.get()
        }
    }
}
