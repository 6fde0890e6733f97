import JSONWire
import Primitives
import Security
import TestKit
import Testing
import Verification

/// What the vendors' own libraries sign is taken by a running server, and nothing that was changed.
@Suite struct VendorServingTests {
    private static func block(_ verify: JSONValue) -> Block {
        Block(
            text: """
                store: memory
                controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
                gateway: { type: public, url: "https://hooks.example.com", port: 8090 }
                listener: { type: http-callback, host: 127.0.0.1, port: 8090, path: /hook, identify_by: one,
                            verify: \(verify.jsonText) }
                workflow: { id: wait, jobs: [ { id: hold, type: wait, wait_for: one, timeout: 600s } ] }
                """
        )
    }

    /// The requests that the libraries signed; nil where they cannot be had.
    private static func signed() throws -> [JSONValue]? {
        let folder = try TemporaryDirectory()
        let path = folder.path("signed.json")
        let program = try ChildProgram(
            PackageRoot.path("scripts/vendor-senders"),
            ["sign", path]
        )
        let status = try program.waitForExit(deadline: .seconds(240))
        if status == .exited(77) {
            SharedData.skipped("the vendors' libraries cannot be had from PyPI")
            return nil
        }
        #expect(status == .exited(0), "\(program.output + program.errors)")
        return try JSONValue.parse(Files.bytes(path)).elements
    }

    @Test func `what their libraries sign is taken by a server`() throws {
        guard let cases = try Self.signed() else { return }
        #expect(cases.count >= 20)
        for one in cases {
            let name = one["name"]?.string ?? ""
            var now = WallTime.now()
            if case .integer(let seconds)? = one["now"] {
                now = WallTime(milliseconds: seconds * 1000)
            }
            let fixture = try ServerFixture(
                Self.block(try #require(one["verify"])),
                senderClock: { [now] in now }
            )
            defer { fixture.stop() }
            var body = try #require(Base64.bytes(of: one["body"]?.string ?? ""))
            let url = one["url"]?.string ?? ""
            let target = String(
                url.dropFirst("https://hooks.example.com".count)
            )
            var headers = [("Host", "hooks.example.com")]
            if case .object(let sent)? = one["headers"] {
                headers += sent.members.map { ($0.name, $0.value.string ?? "") }
            }
            if !headers.contains(where: { $0.0.lowercased() == "content-type" }) {
                headers.append(("Content-Type", "text/plain"))
            }
            let method = one["method"]?.string ?? ""
            let reply = try fixture.at(8090).send(method, target, headers: headers, body: body)
            #expect([200, 202].contains(reply.status), "\(name): \(reply.status) \(reply.text)")
            let bare = headers.filter { ["host", "content-type"].contains($0.0.lowercased()) }
            let unsigned = try fixture.at(8090).send(method, target, headers: bare, body: body)
            try fixture.expectUnverified(unsigned, name)
            guard let verifier = try? SigningSender(one["verify"]?.jsonText ?? "").verifier,
                verifier.coversBody, !body.isEmpty
            else { continue }
            body[body.count / 2] ^= 4
            let other = try fixture.at(8090).send(method, target, headers: headers, body: body)
            try fixture.expectUnverified(other, name)
        }
    }
}
