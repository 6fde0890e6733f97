import JSONWire
import TestKit
import Testing

/// Held callbacks count against the listener that took them, whatever else changes in the configuration.
@Suite struct HeldListenerTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static let few =
        #"  - { type: http-callback, host: 127.0.0.1, port: 8090, max_held_count: 1, path: /a, identify_by: "${body.id}" }"#
    private static let many =
        #"  - { type: http-callback, host: 127.0.0.1, port: 8091, max_held_count: 3, path: /b, identify_by: "${body.id}" }"#

    private func block(_ listeners: String...) -> Block {
        Block(
            text: (["store: { path: \"\(directory.path("store"))\" }", "listeners:"] + listeners)
                .joined(separator: "\n") + "\n"
        ).adding(Completion.controller, CallbackIdentityTests.waiting)
    }

    private func send(
        _ id: Int,
        to path: String,
        on port: Int,
        of fixture: ServerFixture
    ) throws -> HTTPReply {
        try fixture.post(path, #"{"id":"\#(id)"}"#, on: port)
    }

    @Test func `the order of listeners changes nothing`() throws {
        let fixture = try ServerFixture(block(Self.many, Self.few), isDurable: true)
        defer { fixture.stop() }
        for id in 1...3 { try expect(send(id, to: "/b", on: 8091, of: fixture), .held) }
        try fixture.restart(block(Self.few, Self.many))
        try expect(send(11, to: "/a", on: 8090, of: fixture), .held)
        try expect(send(12, to: "/a", on: 8090, of: fixture), .refused(503))
        try expect(send(4, to: "/b", on: 8091, of: fixture), .refused(503))
        // Each is still handed over, and gives back its place where it had one.
        for id in [1, 2, 3, 11] {
            _ = try fixture.output(fixture.start(#"{"key":"\#(id)"}"#, workflow: "wait"))
        }
        try expect(send(12, to: "/a", on: 8090, of: fixture), .held)
        for id in 4...6 { try expect(send(id, to: "/b", on: 8091, of: fixture), .held) }
        try expect(send(7, to: "/b", on: 8091, of: fixture), .refused(503))
    }

    @Test func `those of a listener that is gone count against nobody, and are handed over`() throws
    {
        let fixture = try ServerFixture(block(Self.many, Self.few), isDurable: true)
        defer { fixture.stop() }
        for id in 1...3 { try expect(send(id, to: "/b", on: 8091, of: fixture), .held) }
        try fixture.restart(block(Self.few))
        try expect(send(11, to: "/a", on: 8090, of: fixture), .held)
        try expect(send(12, to: "/a", on: 8090, of: fixture), .refused(503))
        for id in 1...3 {
            _ = try fixture.output(fixture.start(#"{"key":"\#(id)"}"#, workflow: "wait"))
        }
        try fixture.restart(block(Self.many, Self.few))
        try expect(send(12, to: "/a", on: 8090, of: fixture), .refused(503))
        for id in 4...6 { try expect(send(id, to: "/b", on: 8091, of: fixture), .held) }
    }

    @Test func `those of a listener that is gone expire`() throws {
        let brief = Self.many.replacing("max_held_count: 3", with: "hold_for: 1s")
        let fixture = try ServerFixture(block(brief, Self.few), isDurable: true)
        defer { fixture.stop() }
        let reply = try send(1, to: "/b", on: 8091, of: fixture)
        try expect(reply, .held)
        try fixture.restart(block(Self.few))
        _ = try fixture.request(reply, is: "expired")
    }
}
