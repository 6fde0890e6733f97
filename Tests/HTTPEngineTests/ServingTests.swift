import HTTPEngine
import HTTPWire
import Primitives
import TestKit
import Testing

/// What a client sees of a server that has nothing to complain about.
@Suite struct ServingTests {
    @Test func `a connection serves one request after another`() throws {
        let server = try TestServer()
        let connection = try server.connect()
        for number in 0..<3 {
            try connection.send(requestText("POST", "/in", body: "n\(number)"))
            let reply = try connection.readReply()
            #expect(reply.status == 200)
            #expect(reply.text == "1 POST /in n\(number)")
        }
    }
}
