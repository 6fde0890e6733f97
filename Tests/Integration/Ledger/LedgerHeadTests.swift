import JSONWire
import TestKit
import Testing

/// The ledger has each request's own head, however much senders repeat theirs.
@Suite struct LedgerHeadTests {
    private let directory: TemporaryDirectory
    private let fixture: ServerFixture

    init() throws {
        directory = try TemporaryDirectory()
        fixture = try ServerFixture(LedgerBlocks.block(directory), isDurable: true)
    }

    @Test func `heads that differ in one byte are told apart`() throws {
        defer { fixture.stop() }
        let sent = [
            ("/done?n=1", "x-kind", "a"), ("/done?n=1", "x-kind", "a"),
            ("/done?n=2", "x-kind", "a"), ("/done?n=1", "x-kinD", "b"),
            ("/done?n=1", "x-king", "a"), ("/done?n=1", "x-kind", "a"),
        ]
        for (index, (target, name, value)) in sent.enumerated() {
            let body = #"{"id":"h-\#(index)","status":"done"}"#
            let reply = try fixture.post(target, body, headers: [(name, value)])
            try expect(reply, .held)
            let shown = try fixture.request(reply, is: "held")
            #expect(shown["target"] == .string(target))
            #expect(shown["headers"]?[name.lowercased()] == .string(value))
            #expect(shown["headers"]?["x-king"] == (name == "x-king" ? .string("a") : nil))
            #expect(shown["body"] == .string(body))
        }
    }

    @Test func `a head too long to be remembered is in the ledger whole`() throws {
        defer { fixture.stop() }
        let value = String(repeating: "v", count: 6000)
        for key in ["l-1", "l-2"] {
            let reply = try fixture.post(
                "/done",
                #"{"id":"\#(key)","status":"done"}"#,
                headers: [("x-long", value)]
            )
            let shown = try fixture.request(reply, is: "held")
            #expect(shown["headers"]?["x-long"] == .string(value))
        }
    }
}
