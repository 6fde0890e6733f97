import HTTPEngine
import HTTPWire
import Primitives
import TestKit
import Testing

/// What a client sees of a server that has nothing to complain about.
@Suite struct ServingTests {
    @Test(arguments: StreamKind.allCases)
    func `a connection serves one request after another`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        for number in 0..<3 {
            try connection.send(requestText("POST", "/in", body: "n\(number)"))
            let reply = try connection.readReply()
            #expect(reply.status == 200)
            #expect(reply.text == "1 POST /in n\(number)")
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `a head that repeats the one before is answered as if it were the first`(
        _ kind: StreamKind
    ) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        let (json, other) = (["Content-Type: application/json"], ["Content-Type: a/b"])
        let large = String(repeating: "1", count: 17)
        // Each twice and in turns: found, refused for its type, length, method or path, and found again.
        let cases: [(String, Int)] = [
            (requestText("POST", "/small", headers: json, body: "1"), 200),
            (requestText("POST", "/small", headers: other, body: "1"), 415),
            (requestText("POST", "/in", body: "22"), 200),
            (requestText("GET", "/in"), 405),
            (requestText("POST", "/in", body: large), 200),
            (requestText("GET", "/nowhere"), 404),
            (requestText("GET", "/tasks/7"), 200),
        ]
        for (text, status) in cases + cases.reversed() {
            for _ in 0..<3 {
                try connection.send(text)
                let reply = try connection.readReply()
                #expect(reply.status == status, "\(text)")
                if status == 200, let path = text.split(separator: " ").dropFirst().first {
                    #expect(reply.text.contains(" \(path) "))
                }
            }
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `every answer has a date, a length and an id of its own`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        var ids: Set<String> = []
        for _ in 0..<3 {
            try connection.send(requestText("GET", "/out"))
            let reply = try connection.readReply()
            #expect(reply.headers["Date"]?.hasSuffix(" GMT") == true)
            #expect(reply.headers["Content-Length"] == String(reply.body.count))
            let id = try #require(reply.headers["X-Request-Id"])
            #expect(UUIDv7(text: id) != nil)
            ids.insert(id)
        }
        #expect(ids.count == 3)
    }

    @Test(arguments: StreamKind.allCases)
    func `pipelined answers leave in order, whenever they are given`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { request, _, exchange in
            if request.path == "/out" {
                exchange.respond(.text(200, "at once"))
            } else {
                held.add(exchange.detach())
            }
        }
        let connection = try server.connect()
        let requests = [
            requestText("POST", "/in", body: "1"), requestText("GET", "/out"),
            requestText("POST", "/in", body: "2"), requestText("GET", "/out"),
        ]
        try connection.send(requests.joined())
        try eventually { held.count == 2 }
        var exchanges = held.takeAll()
        exchanges.removeLast().respond(.text(200, "second"))
        exchanges.removeLast().respond(.text(200, "first"))
        let texts = try (0..<4).map { _ in try connection.readReply().text }
        #expect(texts == ["first", "at once", "second", "at once"])
    }

    @Test(arguments: StreamKind.allCases)
    func `a thousand pipelined requests are answered, 128 read ahead at most`(
        _ kind: StreamKind
    ) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { _, _, exchange in held.add(exchange.detach()) }
        let connection = try server.connect()
        try connection.send((0..<1000).map { requestText("GET", "/out?\($0)") }.joined())
        try eventually { held.count == 128 }
        var answered = 0
        while answered < 1000 {
            try eventually { held.count > 0 }
            #expect(held.count <= 128)
            for exchange in held.takeAll() {
                exchange.respond(.text(200, String(answered)))
                answered += 1
            }
        }
        for number in 0..<1000 { #expect(try connection.readReply().text == String(number)) }
    }

    @Test(arguments: StreamKind.allCases)
    func `a body is whole however it is sent`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind) { _, body, exchange in
            exchange.respond(.text(200, String(body.byteCount)))
        }
        let connection = try server.connect()
        let large = String(repeating: "x", count: 700_000)
        try connection.send(requestText("POST", "/in", body: large))
        #expect(try connection.readReply().text == "700000")
        let chunks = (0..<50).map { _ in "2710\r\n" + String(repeating: "y", count: 10_000) + "\r\n"
        }
        try connection.send(
            "POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunks.joined() + "0\r\n\r\n"
        )
        #expect(try connection.readReply().text == "500000")
        #expect(server.server.bodyMemoryTaken == 0)
    }

    @Test(arguments: StreamKind.allCases)
    func `a request that comes byte by byte is served`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        for byte in requestText("POST", "/in", body: "slow").utf8 { try connection.send([byte]) }
        #expect(try connection.readReply().text == "1 POST /in slow")
    }

    @Test(arguments: StreamKind.allCases)
    func `HEAD is served where GET is, without a body`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send(requestText("HEAD", "/out") + requestText("GET", "/out"))
        let head = try connection.readReply(isHead: true)
        #expect(head.status == 200)
        #expect(head.headers["Content-Length"] == "12")
        #expect(try connection.readReply().text == "2 GET /out ")
    }

    @Test(arguments: StreamKind.allCases)
    func `where HEAD only probes, every path answers it alike and no handler hears of it`(
        _ kind: StreamKind
    )
        throws
    {
        let held = Held()
        let server = try HTTPServerFixture(
            kind,
            headProbes: true,
            answer: { _, _, exchange in held.add(exchange.detach()) },
            onRefused: { request, _, _ in #expect(request.method == .delete) }
        )
        let connection = try server.connect()
        for target in ["/in", "/out", "/tasks/7", "/small?x=1", "/in", "/in"] {
            for headers in [[], ["Content-Type: a/b"], ["Expect: 200-maybe"]] {
                try connection.send(requestText("HEAD", target, headers: headers))
                let reply = try connection.readReply(isHead: true)
                #expect(reply.status == 200)
                #expect(reply.headers["Content-Length"] == nil)
                #expect(reply.headers["Allow"] == nil)
                #expect(reply.headers["Content-Type"] == nil)
            }
        }
        try connection.send(requestText("HEAD", "/in", body: "with a body, which is passed over"))
        #expect(try connection.readReply(isHead: true).status == 200)
        try connection.send(requestText("HEAD", "/nowhere"))
        #expect(try connection.readReply(isHead: true).status == 404)
        try connection.send(requestText("OPTIONS", "/in") + requestText("DELETE", "/in"))
        #expect(try connection.readReply().headers["Allow"] == "HEAD, POST, PUT, OPTIONS")
        let refused = try connection.readReply()
        #expect(refused.status == 405)
        #expect(refused.headers["Allow"] == "HEAD, POST, PUT, OPTIONS")
        #expect(held.count == 0)
    }

    @Test(arguments: StreamKind.allCases)
    func `OPTIONS is answered with the methods there are`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send(requestText("OPTIONS", "/in") + requestText("OPTIONS", "*"))
        let reply = try connection.readReply()
        #expect(reply.status == 204)
        #expect(reply.headers["Allow"] == "POST, PUT, OPTIONS")
        #expect(try connection.readReply().headers["Allow"]?.contains("DELETE") == true)
    }

    @Test(arguments: StreamKind.allCases)
    func `what a handler asks of its request is there`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind) { request, _, exchange in
            let facts = [
                request.parameter("id") ?? "-", request.parameter("no") ?? "-",
                request.query(first: "q") ?? "-", request.header("x-key") ?? "-",
                request.rawTarget, request.peerAddress, String(request.localPort > 0),
                request.version.text, String(request.requestID == exchange.requestID),
            ]
            exchange.respond(.text(200, facts.joined(separator: "|")))
        }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/tasks/a%20b?q=1+2", headers: ["X-Key: v"]))
        #expect(
            try connection.readReply().text
                == "a b|-|1 2|v|/tasks/a%20b?q=1+2|127.0.0.1|true|HTTP/1.1|true"
        )
    }

    @Test(arguments: StreamKind.allCases)
    func `the fast answer is JSON`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind) { _, _, exchange in
            let body: [UInt8] = Array(#"{"a":1}"#.utf8)
            exchange.respondFast(status: 202, body: body.span)
        }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        let reply = try connection.readReply()
        #expect(reply.status == 202)
        #expect(reply.headers["Content-Type"] == "application/json")
        #expect(reply.text == #"{"a":1}"#)
    }

    @Test(arguments: StreamKind.allCases)
    func `100 Continue is sent before the body is read, and only when it is waited for`(
        _ kind: StreamKind
    )
        throws
    {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        let head =
            "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
        try connection.send(head)
        #expect(try connection.readReply().status == 100)
        try connection.send("hi")
        #expect(try connection.readReply().text == "1 POST /in hi")
        try connection.send(head + "ho")
        #expect(try connection.readReply().text == "1 POST /in ho")
    }

    @Test(arguments: StreamKind.allCases)
    func `100 Continue waits for the answers before it`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { _, body, exchange in
            if body.isEmpty { return held.add(exchange.detach()) }
            exchange.respond(.text(200, "body"))
        }
        let connection = try server.connect()
        try connection.send(
            requestText("GET", "/out")
                + "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        try eventually { held.count == 1 }
        held.take()?.respond(.text(200, "first"))
        #expect(try connection.readReply().text == "first")
        #expect(try connection.readReply().status == 100)
        try connection.send("hi")
        #expect(try connection.readReply().text == "body")
    }

    @Test(arguments: StreamKind.allCases)
    func `HTTP 1 point 0 is answered and closed, unless it asks otherwise`(
        _ kind: StreamKind
    ) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send("GET /out HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(try connection.readReply().headers["Connection"] == "keep-alive")
        try connection.send("GET /out HTTP/1.0\r\n\r\n")
        #expect(try connection.readReply().headers["Connection"] == "close")
        #expect(try connection.isClosedByPeer())
    }

    @Test(arguments: StreamKind.allCases)
    func `what follows Connection close is ignored`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send(
            requestText("GET", "/out", headers: ["Connection: close"])
                + requestText("GET", "/out") + "garbage"
        )
        let all = String(decoding: try connection.readToEnd(), as: UTF8.self)
        #expect(all.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(all.components(separatedBy: "HTTP/1.1 ").count == 2)
    }

    @Test(arguments: StreamKind.allCases)
    func `a client that stops sending still gets its answers`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { _, _, exchange in held.add(exchange.detach()) }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        try connection.finishSending()
        try eventually { held.count == 1 }
        held.take()?.respond(.text(200, "late"))
        #expect(try connection.readReply().text == "late")
        #expect(try connection.isClosedByPeer())
    }

    @Test(arguments: StreamKind.allCases)
    func `a client that stops sending still gets a large answer whole`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind) { _, _, exchange in
            exchange.respond(
                Response(status: 200, body: [UInt8](repeating: 120, count: 6 << 20))
            )
        }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        try connection.finishSending()
        #expect(try connection.readReply().body.count == 6 << 20)
    }

    @Test(arguments: StreamKind.allCases)
    func `several loops serve many connections at once`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind, threads: 3)
        let connections = try (0..<60).map { _ in try server.connect() }
        for (number, connection) in connections.enumerated() {
            try connection.send(requestText("POST", "/in", body: String(number)))
        }
        for (number, connection) in connections.enumerated() {
            #expect(try connection.readReply().text == "1 POST /in \(number)")
        }
        #expect(server.server.connectionsCount == 60)
    }

    @Test(arguments: StreamKind.allCases)
    func `a header that would split the answer is left out and told`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind) { _, _, exchange in
            exchange.respond(
                Response(status: 200, headers: [("X-A", "b\r\nX-Evil: 1"), ("X-B", "ok")])
            )
        }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        let reply = try connection.readReply()
        #expect(reply.headers["X-Evil"] == nil)
        #expect(reply.headers["X-B"] == "ok")
        #expect(server.lines.messages.contains { $0.contains("left out") })
    }

    @Test(arguments: StreamKind.allCases)
    func `a handler that answers twice, or never, does no harm`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind) { request, _, exchange in
            guard request.query(first: "twice") != nil else { return }
            exchange.respond(.text(200, "one"))
            exchange.respond(.text(200, "two"))
            #expect(!exchange.detach().respond(.text(200, "three")))
        }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out?twice") + requestText("GET", "/out"))
        #expect(try connection.readReply().text == "one")
        #expect(try connection.readReply().status == 500)
    }

    @Test(arguments: StreamKind.allCases)
    func `a large answer reaches a slow reader`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind) { _, _, exchange in
            exchange.respond(
                Response(status: 200, body: [UInt8](repeating: 120, count: 6 << 20))
            )
        }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out") + requestText("GET", "/out"))
        for _ in 0..<2 { #expect(try connection.readReply().body.count == 6 << 20) }
    }
}

extension String {
    /// The parts between the occurrences of a text.
    fileprivate func components(separatedBy separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
