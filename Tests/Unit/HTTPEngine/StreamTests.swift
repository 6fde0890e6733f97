import HTTPEngine
import HTTPWire
import Primitives
import TestKit
import Testing

/// Answers in pieces.
@Suite struct StreamTests {
    /// Streams that a handler began.
    private final class Streams: Sendable {
        private let all = Lock<[ResponseStream]>([])
        private let closed = Lock(0)
        var count: Int { all.withLock { $0.count } }
        var closedCount: Int { closed.withLock { $0 } }

        func add(_ stream: ResponseStream) {
            stream.onClosed { [weak self] in self?.closed.withLock { $0 += 1 } }
            all.withLock { $0.append(stream) }
        }

        func take() -> ResponseStream? {
            all.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    private func server(
        _ kind: StreamKind,
        _ streams: Streams,
        _ limits: ServerLimits = ServerLimits()
    ) throws
        -> HTTPServerFixture
    {
        try HTTPServerFixture(kind, limits: limits) { request, _, exchange in
            if request.path == "/out" { return exchange.respond(.text(200, "plain")) }
            streams.add(exchange.stream(status: 200, contentType: "text/event-stream"))
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `pieces are sent as they come, and the connection lives on`(_ kind: StreamKind) throws {
        let streams = Streams()
        let server = try server(kind, streams)
        let connection = try server.connect()
        try connection.send(requestText("GET", "/tasks/1"))
        try eventually { streams.count == 1 }
        let stream = streams.take()
        #expect(stream?.write(Array("data: 1\n\n".utf8)) == true)
        var seen = ""
        while !seen.contains("data: 1") {
            seen += String(decoding: try connection.readSome(), as: UTF8.self)
        }
        #expect(seen.contains("Transfer-Encoding: chunked"))
        stream?.write(Array("data: 2\n\n".utf8))
        stream?.finish()
        #expect(stream?.write([1]) == false)
        try connection.send(requestText("GET", "/out"))
        while !seen.contains("plain") {
            seen += String(decoding: try connection.readSome(), as: UTF8.self)
        }
        #expect(seen.contains("9\r\ndata: 2\n\n\r\n0\r\n\r\nHTTP/1.1 200"))
    }

    @Test(arguments: StreamKind.allCases)
    func `a whole stream is a chunked answer`(_ kind: StreamKind) throws {
        let streams = Streams()
        let server = try server(kind, streams)
        let connection = try server.connect()
        try connection.send(requestText("GET", "/tasks/1") + requestText("GET", "/out"))
        try eventually { streams.count == 1 }
        let stream = streams.take()
        for number in 0..<100 { stream?.write(Array("\(number),".utf8)) }
        stream?.finish()
        #expect(
            try connection.readReply().text == (0..<100).map { "\($0)," }.joined()
        )
        #expect(try connection.readReply().text == "plain")
    }

    @Test(arguments: StreamKind.allCases)
    func `a stream that is let go is finished`(_ kind: StreamKind) throws {
        let streams = Streams()
        let server = try server(kind, streams)
        let connection = try server.connect()
        try connection.send(requestText("GET", "/tasks/1"))
        try eventually { streams.count == 1 }
        streams.take()?.write(Array("only".utf8))
        #expect(try connection.readReply().text == "only")
    }

    @Test(arguments: StreamKind.allCases)
    func `a stream waits for the answer before it`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { request, _, exchange in
            if request.path == "/out" { return held.add(exchange.detach()) }
            let stream = exchange.stream(status: 200, contentType: "text/plain")
            stream.write(Array("streamed".utf8))
            stream.finish()
        }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out") + requestText("GET", "/tasks/1"))
        try eventually { held.count == 1 }
        held.take()?.respond(.text(200, "first"))
        #expect(try connection.readReply().text == "first")
        #expect(try connection.readReply().text == "streamed")
    }

    @Test(arguments: StreamKind.allCases)
    func `a stream in HTTP 1 point 0 ends with the connection`(_ kind: StreamKind) throws {
        let streams = Streams()
        let server = try server(kind, streams)
        let connection = try server.connect()
        try connection.send("GET /tasks/1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        try eventually { streams.count == 1 }
        let stream = streams.take()
        stream?.write(Array("one".utf8))
        stream?.finish()
        let all = String(decoding: try connection.readToEnd(), as: UTF8.self)
        #expect(all.contains("\r\nConnection: close\r\n"))
        #expect(all.hasSuffix("\r\n\r\none"))
    }

    @Test(arguments: StreamKind.allCases)
    func `a client that goes is told to the stream`(_ kind: StreamKind) throws {
        let streams = Streams()
        let server = try server(kind, streams)
        let connection = try server.connect()
        try connection.send(requestText("GET", "/tasks/1"))
        try eventually { streams.count == 1 }
        #expect(try !connection.readSome().isEmpty)
        connection.close()
        let stream = try #require(streams.take())
        // What is sent to it finds out that it is gone, and does not only read on.
        try eventually {
            stream.isClientFinished && !stream.write([1])
        }
        #expect(streams.closedCount == 1)
        try eventually { server.server.connectionsCount == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `a client that sends no more keeps its stream, whenever that is seen`(
        _ kind: StreamKind
    ) throws {
        let streams = Streams()
        let held = Held()
        let server = try HTTPServerFixture(kind) { request, _, exchange in
            if request.path == "/out" { return held.add(exchange.detach()) }
            streams.add(exchange.stream(status: 200, contentType: "text/event-stream"))
        }
        // In the same write as the request, before the stream begins, behind it, and with requests behind the stream.
        for round in 0..<20 {
            let connection = try server.connect()
            let before = round % 2 == 0 ? requestText("GET", "/out") : ""
            let behind = round % 4 < 2 ? requestText("GET", "/out") : ""
            try connection.send(before + requestText("GET", "/tasks/1") + behind)
            if round % 3 > 0 { try eventually { streams.count == 1 } }
            try connection.finishSending()
            try eventually { streams.count == 1 }
            let stream = try #require(streams.take())
            if round % 3 == 2 { try eventually { stream.isClientFinished } }
            if !before.isEmpty { try eventually { held.count > 0 } }
            if !before.isEmpty { held.take()?.respond(.text(200, "before")) }
            if !before.isEmpty { #expect(try connection.readReply().text == "before") }
            for number in 0..<3 { stream.write(Array("\(number),".utf8)) }
            try eventually { stream.isClientFinished }
            stream.write(Array("last".utf8))
            stream.finish()
            #expect(try connection.readReply().text == "0,1,2,last")
            if !behind.isEmpty {
                try eventually { held.count > 0 }
                held.take()?.respond(.text(200, "behind"))
                #expect(try connection.readReply().text == "behind")
            }
            #expect(try connection.isClosedByPeer())
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `a client that does not read is cut off`(_ kind: StreamKind) throws {
        var limits = ServerLimits()
        limits.unsentBytesMax = 64 << 10
        let streams = Streams()
        let server = try server(kind, streams, limits)
        let connection = try server.connect()
        try connection.send(requestText("GET", "/tasks/1"))
        try eventually { streams.count == 1 }
        let stream = streams.take()
        let piece = [UInt8](repeating: 120, count: 64 << 10)
        try eventually {
            _ = stream?.write(piece)
            return streams.closedCount == 1
        }
        #expect(stream?.write(piece) == false)
    }

    @Test(arguments: StreamKind.allCases)
    func `what is offered is dropped while the client does not read, and taken again when it does`(
        _ kind: StreamKind
    )
        throws
    {
        let streams = Streams()
        let server = try server(kind, streams)
        let connection = try server.connect()
        try connection.send(requestText("GET", "/tasks/1"))
        try eventually { streams.count == 1 }
        let stream = try #require(streams.take())
        let piece = [UInt8](repeating: 120, count: 64 << 10)
        var takenCount = 0
        try eventually {
            if stream.offer(piece) { takenCount += 1 }
            // Enough to fill every buffer between.
            return takenCount * piece.count > 256 << 10 && !stream.offer(piece)
        }
        #expect(streams.closedCount == 0, "it is not cut off")
        var text = ""
        try eventually {
            text += String(decoding: try connection.readSome(deadline: .standard), as: UTF8.self)
            return stream.offer(Array("last".utf8))
        }
        stream.finish()
        while !text.contains("last") {
            text += String(decoding: try connection.readSome(deadline: .standard), as: UTF8.self)
        }
        #expect(stream.offer([1]) == false)
    }

    @Test(arguments: StreamKind.allCases)
    func `a detached exchange may become a stream`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { _, _, exchange in held.add(exchange.detach()) }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        try eventually { held.count == 1 }
        let stream = held.take()?.stream(status: 200, contentType: "text/plain")
        stream?.write(Array("late".utf8))
        stream?.finish()
        #expect(try connection.readReply().text == "late")
    }
}
