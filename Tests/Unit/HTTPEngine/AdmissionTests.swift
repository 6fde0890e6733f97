import Loops
import Primitives
import TestKit
import Testing

@testable import HTTPEngine

/// Contract 6: how many are processed, how the others wait.
@Suite struct AdmissionTests {
    private static let hold: @Sendable (Held) -> HTTPServerFixture.Answer = { held in
        { _, _, exchange in held.add(exchange.detach()) }
    }

    private func server(
        _ kind: StreamKind,
        _ held: Held,
        places: Int,
        queue: Int = 1024,
        threads: Int = 2
    ) throws -> HTTPServerFixture {
        try HTTPServerFixture(
            kind,
            threads: threads,
            admission: AdmissionSettings(maxConcurrentCount: places, maxQueuedCount: queue),
            answer: Self.hold(held)
        )
    }

    private func send(_ server: HTTPServerFixture, _ count: Int) throws -> [RawConnection] {
        try (0..<count).map { number in
            let connection = try server.connect()
            try connection.send(requestText("POST", "/in", body: "n\(number)"))
            return connection
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `one request too many waits until a place is free, and all are answered`(
        _ kind: StreamKind
    ) throws {
        let held = Held()
        let server = try server(kind, held, places: 10)
        let connections = try send(server, 10)
        try eventually { held.count == 10 }
        let late = try send(server, 1)
        try eventually { server.server.admissionCounts(site: 0) == (10, 1) }
        #expect(held.count == 10)
        held.take()?.respond(.text(200, "done"))
        try eventually { held.count == 10 }
        for exchange in held.takeAll() { exchange.respond(.text(200, "done")) }
        for connection in connections + late {
            #expect(try connection.readReply().status == 200)
        }
        #expect(server.server.admissionCounts(site: 0) == (0, 0))
    }

    @Test(arguments: StreamKind.allCases)
    func `a request that waits too long gets 503, and the connection lives on`(
        _ kind: StreamKind
    ) throws {
        let held = Held()
        let server = try server(kind, held, places: 1, threads: 1)
        let first = try send(server, 1)
        try eventually { held.count == 1 }
        let second = try send(server, 1)
        try eventually { server.server.admissionCounts(site: 0) == (1, 1) }
        // It is counted before it notes the time.
        try arrive(at: server)
        server.clock.advance(by: .seconds(5))
        let reply = try second[0].readReply()
        #expect(reply.status == 503)
        #expect(reply.headers["Retry-After"] == "1")
        #expect(reply.text.contains(#""code":"overloaded""#))
        held.take()?.respond(.empty(204))
        #expect(try first[0].readReply().status == 204)
        try second[0].send(requestText("POST", "/in", body: "again"))
        try eventually { held.count == 1 }
        held.take()?.respond(.empty(204))
        #expect(try second[0].readReply().status == 204)
        #expect(server.server.admissionCounts(site: 0) == (0, 0))
    }

    @Test(arguments: StreamKind.allCases)
    func `a full queue refuses at once`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try server(kind, held, places: 1, queue: 1)
        let connections = try send(server, 1)
        try eventually { held.count == 1 }
        let waiting = try send(server, 1)
        try eventually { server.server.admissionCounts(site: 0) == (1, 1) }
        let refused = try send(server, 1)
        #expect(try refused[0].readReply().status == 503)
        held.take()?.respond(.empty(204))
        try eventually { held.count == 1 }
        held.take()?.respond(.empty(204))
        for connection in connections + waiting {
            #expect(try connection.readReply().status == 204)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `first come, first served, over all loops`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try server(kind, held, places: 1)
        var connections: [RawConnection] = []
        for number in 0..<5 {
            connections += try send(server, 1)
            let counts = (1, number)
            try eventually { server.server.admissionCounts(site: 0) == counts }
        }
        for connection in connections {
            try eventually { held.count == 1 }
            held.take()?.respond(.text(200, "ok"))
            #expect(try connection.readReply().status == 200)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `slow senders take no places`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try server(kind, held, places: 1)
        let slow = try (0..<10).map { _ in try server.connect() }
        for connection in slow {
            try connection.send("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nab")
        }
        let quick = try send(server, 1)
        try eventually { held.count == 1 }
        held.take()?.respond(.empty(204))
        #expect(try quick[0].readReply().status == 204)
    }

    @Test(arguments: StreamKind.allCases)
    func `an answer that waits for a run gives its place back`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try server(kind, held, places: 1)
        let first = try send(server, 1)
        try eventually { held.count == 1 }
        let waiting = held.take()
        let second = try send(server, 1)
        try eventually { server.server.admissionCounts(site: 0) == (1, 1) }
        waiting?.giveBackPlace()
        try eventually { held.count == 1 }
        held.take()?.respond(.empty(204))
        #expect(try second[0].readReply().status == 204)
        waiting?.giveBackPlace()
        waiting?.respond(.empty(202))
        #expect(try first[0].readReply().status == 202)
        #expect(server.server.admissionCounts(site: 0) == (0, 0))
    }

    @Test(arguments: StreamKind.allCases)
    func `an exchange that is let go is answered 500 and gives its place back`(
        _ kind: StreamKind
    ) throws {
        let held = Held()
        let server = try server(kind, held, places: 1)
        let connections = try send(server, 2)
        for _ in connections {
            try eventually { held.count == 1 }
            _ = held.take()
        }
        for connection in connections {
            let reply = try connection.readReply()
            #expect(reply.status == 500)
            #expect(reply.text.contains(#""code":"internal_error""#))
        }
        #expect(server.lines.messages.contains("a request was let go without an answer"))
        #expect(server.server.admissionCounts(site: 0) == (0, 0))
    }

    @Test(arguments: StreamKind.allCases)
    func `a client that goes while it waits leaves the queue`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try server(kind, held, places: 1)
        let first = try send(server, 1)
        try eventually { held.count == 1 }
        var waiting = try send(server, 2)
        try eventually { server.server.admissionCounts(site: 0) == (1, 2) }
        waiting[0].reset()
        waiting.removeFirst()
        held.take()?.respond(.empty(204))
        try eventually { held.count >= 1 }
        // Which of the two came first is not known: the place goes on to the one that is left.
        while held.count > 0 { held.take()?.respond(.empty(204)) }
        try eventually {
            while held.count > 0 { held.take()?.respond(.empty(204)) }
            return server.server.admissionCounts(site: 0) == (0, 0)
        }
        #expect(try first[0].readReply().status == 204)
        #expect(try waiting[0].readReply().status == 204)
    }
}
