import HTTPWire
import Loops
import Primitives
import TestKit
import Testing

@testable import HTTPEngine

/// Large bodies: how they are gathered, handed over, and what memory they take.
@Suite struct BodyTests {
    private static let routes = [
        Route(id: 1, methods: [.post], path: "/in", bodyBytesMax: 64 << 20)
    ]

    /// A server that answers with a body's size and the letters in it, from another thread where it is kept.
    private static func server(
        _ kind: StreamKind,
        keeps: Bool,
        bodyMemoryMax: Int = 512 << 20,
        admission: AdmissionSettings = AdmissionSettings()
    ) throws -> HTTPServerFixture {
        try HTTPServerFixture(
            kind,
            admission: admission,
            routes: routes,
            bodyMemoryMax: bodyMemoryMax
        ) { request, body, exchange in
            guard keeps else { return exchange.respond(.text(200, facts(body))) }
            let (kept, pending) = (request.keep(body), exchange.detach())
            let thread = WorkerThread(name: "reader") {
                let text = kept.bytes.withRawSpan { facts($0) }
                pending.respond(.text(200, text))
            }
            thread.join()
        }
    }

    /// How long a body is, and which letters it has in which order, each once where it is repeated.
    private static func facts(_ body: RawSpan) -> String {
        body.withBytes { bytes in
            // What most of them are is compared as text: byte by byte that takes minutes without optimisation.
            if let first = bytes.indices.first.map({ Character(Unicode.Scalar(bytes[$0])) }),
                String(decoding: bytes.copied, as: UTF8.self) == Self.body(first, bytes.count)
            {
                return "\(bytes.count) \(first)."
            }
            var letters: [UInt8] = []
            for index in bytes.indices where letters.last != bytes[index] {
                letters.append(bytes[index])
                if letters.count > 8 { break }
            }
            return "\(bytes.count) \(String(decoding: letters, as: UTF8.self))"
        }
    }

    /// Sends the same text over so many connections at once, each from a thread of its own.
    ///
    /// - Returns: How many answers of each status came, and how often there was none, under the reason.
    private static func sendTogether(
        _ text: String,
        _ count: Int,
        to server: HTTPServerFixture
    ) -> [String: Int] {
        let counts = Lock<[String: Int]>([:])
        let bytes = Array(text.utf8)
        let threads = (0..<count).map { _ in
            WorkerThread(name: "sender") {
                let outcome = outcome(of: bytes, at: server)
                counts.withLock { $0[outcome, default: 0] += 1 }
            }
        }
        for thread in threads { thread.join() }
        return counts.withLock { $0 }
    }

    /// Sends bytes over a connection of their own.
    ///
    /// - Returns: The answer's status, or why there is none.
    private static func outcome(of bytes: [UInt8], at server: HTTPServerFixture) -> String {
        do {
            let connection = try server.connect()
            var failure: (any Error)?
            let patience = Deadline.seconds(120)
            do { try connection.send(bytes, deadline: patience) } catch { failure = error }
            do {
                // One that is refused meanwhile says so by its answer.
                return String(try connection.readReply(deadline: .seconds(120)).status)
            } catch {
                return "\(failure ?? error)"
            }
        } catch {
            return "\(error)"
        }
    }

    private static func body(_ letter: Character, _ count: Int) -> String {
        String(repeating: letter, count: count - 1) + "."
    }

    @Test(
        arguments: [false, true],
        [65_000, 66_000, 262_143, 262_144, 262_145, 300_000, 600_000, 3_000_000, 20_000_000]
    )
    func `a body of any size is whole, again and again on one connection`(
        keeps: Bool,
        size: Int
    ) throws {
        for kind in StreamKind.allCases {
            let server = try Self.server(kind, keeps: keeps)
            let connection = try server.connect()
            for letter in "abc" {
                try connection.send(requestText("POST", "/in", body: Self.body(letter, size)))
                #expect(try connection.readReply().text == "\(size) \(letter).")
            }
            #expect(server.server.bodyMemoryTaken == 0)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `memory of a longer body shows nothing of it to a shorter one`(_ kind: StreamKind) throws {
        let server = try Self.server(kind, keeps: true)
        let connection = try server.connect()
        for (letter, size) in [
            ("a", 9_000_000), ("b", 3_000_000), ("c", 8_999_999), ("d", 2_500_000),
        ] {
            let body = Self.body(Character(letter), size)
            try connection.send(requestText("POST", "/in", body: body))
            #expect(try connection.readReply().text == "\(size) \(letter).")
        }
    }

    @Test(arguments: [false, true], StreamKind.allCases)
    func `large bodies that follow each other at once stay apart`(
        keeps: Bool,
        _ kind: StreamKind
    ) throws {
        let server = try Self.server(kind, keeps: keeps)
        let connection = try server.connect()
        let sizes = [700_000, 10, 2_000_000, 300_000, 100_000]
        let requests = zip("abcde", sizes).map { letter, size in
            requestText("POST", "/in", body: Self.body(letter, size))
        }
        try connection.send(requests.joined())
        for (letter, size) in zip("abcde", sizes) {
            #expect(try connection.readReply().text == "\(size) \(letter).")
        }
    }

    @Test(arguments: [false, true], StreamKind.allCases)
    func `a large body in chunks is whole, before and after one with a length`(
        keeps: Bool,
        _ kind: StreamKind
    ) throws {
        let server = try Self.server(kind, keeps: keeps)
        let connection = try server.connect()
        for _ in 0..<2 {
            let chunk = "C350\r\n" + String(repeating: "x", count: 50_000) + "\r\n"
            try connection.send(
                "POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: chunk, count: 30) + "1\r\n.\r\n0\r\n\r\n"
            )
            #expect(try connection.readReply().text == "1500001 x.")
            try connection.send(requestText("POST", "/in", body: Self.body("y", 1_500_000)))
            #expect(try connection.readReply().text == "1500000 y.")
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `a length that is announced and does not come holds nobody up`(_ kind: StreamKind) throws {
        let server = try Self.server(kind, keeps: false, bodyMemoryMax: 8 << 20)
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 60000000\r\n\r\n"
        var liars: [RawConnection] = []
        for _ in 0..<40 {
            let connection = try server.connect()
            try connection.send(head)
            liars.append(connection)
        }
        let honest = try server.connect()
        try honest.send(requestText("POST", "/in", body: Self.body("h", 4_000_000)))
        #expect(try honest.readReply().text == "4000000 h.")
        #expect(server.server.bodyMemoryTaken == 0)
        for connection in liars { connection.close() }
    }

    @Test(arguments: StreamKind.allCases)
    func `large bodies that hold all memory do not hold up small ones`(_ kind: StreamKind) throws {
        let server = try Self.server(kind, keeps: false, bodyMemoryMax: 8 << 20)
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 6000000\r\n\r\n"
        let large = try (0..<4).map { _ in try server.connect() }
        for connection in large { try connection.send(head + "x") }
        try eventually { server.server.bodiesWaitingCount == 3 }
        for size in [100_000, 200_000, 262_144] {
            let small = try server.connect()
            try small.send(requestText("POST", "/in", body: Self.body("s", size)))
            #expect(try small.readReply().text == "\(size) s.")
        }
        #expect(server.server.bodiesWaitingCount == 3)
    }

    @Test(arguments: [false, true], StreamKind.allCases)
    func `bodies that come at once beyond the memory are all taken, in turn`(
        isChunked: Bool,
        _ kind: StreamKind
    ) throws {
        let server = try Self.server(kind, keeps: false, bodyMemoryMax: 4 << 20)
        let size = 1_500_000
        let body = Self.body("b", size)
        let text =
            isChunked
            ? "POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            : requestText("POST", "/in", body: body)
        let statuses = Self.sendTogether(text, 24, to: server)
        if isChunked {
            // Who began late may be refused where all have begun; nobody waits for the clock.
            #expect(statuses.keys.allSatisfy { $0 == "200" || $0 == "503" }, "\(statuses)")
            #expect(statuses["200", default: 0] >= 1)
        } else {
            #expect(statuses == ["200": 24])
        }
        try eventually { server.server.bodyMemoryTaken == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `a body that ends before its length is not handled`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind, routes: Self.routes) { _, _, exchange in
            held.add(exchange.detach())
        }
        let connection = try server.connect()
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n"
        try connection.send(head + String(repeating: "x", count: 2_999_999))
        try eventually { server.server.bodyMemoryTaken == 3_000_000 }
        connection.close()
        try eventually { server.server.connectionsCount == 0 }
        #expect(held.count == 0)
        #expect(server.server.bodyMemoryTaken == 0)
    }

    @Test(arguments: StreamKind.allCases)
    func `a large body that waits for its turn is whole when it comes`(_ kind: StreamKind) throws {
        let places = AdmissionSettings(maxConcurrentCount: 1, maxQueuedCount: 1)
        let held = Held()
        let server = try HTTPServerFixture(kind, admission: places, routes: Self.routes) {
            request,
            body,
            exchange in
            if body.byteCount < 10 { return held.add(exchange.detach()) }
            let (kept, pending) = (request.keep(body), exchange.detach())
            pending.respond(.text(200, kept.bytes.withRawSpan { Self.facts($0) }))
        }
        let first = try server.connect()
        try first.send(requestText("POST", "/in", body: "short"))
        try eventually { held.count == 1 }
        let second = try server.connect()
        try second.send(requestText("POST", "/in", body: Self.body("w", 1_000_000)))
        try eventually { server.server.admissionCounts(site: 0).waiting == 1 }
        let third = try server.connect()
        for letter in "xy" {
            try third.send(requestText("POST", "/in", body: Self.body(letter, 800_000)))
            let shed = try third.readReply()
            #expect(shed.status == 503)
            #expect(shed.headers["Retry-After"] != nil)
        }
        held.take()?.respond(.text(200, "done"))
        #expect(try second.readReply().text == "1000000 w.")
        try third.send(requestText("POST", "/in", body: Self.body("z", 800_000)))
        #expect(try third.readReply().text == "800000 z.")
    }
}
