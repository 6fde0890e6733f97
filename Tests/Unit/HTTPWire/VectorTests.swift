import HTTPWire
import JSONWire
import TestKit
import Testing

/// llhttp's own cases, judged by our parser: it takes what llhttp takes unless one of our rules forbids it, and never more.
@Suite struct VectorTests {
    struct Vector: Sendable {
        let id: String
        let input: String
        /// Messages that llhttp completes.
        let messagesCount: Int
        /// llhttp's error number; nil where it has none.
        let error: Int?
    }

    @Test func `our parser takes what llhttp takes, but for our stricter rules`() throws {
        let vectors = try Self.load()
        #expect(vectors.count > 100)
        var differences: [String: Int] = [:]
        for vector in vectors {
            let run = ParserRun(Self.withHost(vector.input))
            #expect(run.messages.count <= vector.messagesCount, "\(vector.id)")
            // 5 is data after `close`, 22 a pause for an upgrade: the messages before count.
            let isError = vector.error != nil && vector.error != 5 && vector.error != 22
            if isError {
                #expect(run.refusal != nil, "\(vector.id)")
            } else if run.messages.count != vector.messagesCount {
                differences[vector.id] = run.refusal?.status ?? 0
            }
        }
        #expect(differences == Self.stricter)
    }

    /// What llhttp takes and we refuse, with our status.
    static let stricter: [String: Int] = [
        // A request line has a version.
        "request/sample: No HTTP version": 505,
        // A target has no user and no fragment, and `*` is for OPTIONS.
        "request/uri: `host:port` and basic auth": 400,
        "request/uri: Fragment in URI": 400,
        "request/method: M-SEARCH request": 400,
        // Only `chunked` is known.
        "request/transfer-encoding: POST with `chunked` as last transfer-encoding": 501,
        "request/transfer-encoding: POST with `chunked` as last transfer-encoding (multiple headers)":
            501,
        // Only HTTP is spoken.
        "request/method: ANNOUNCE request with RTSP": 400,
        "request/method: OPTIONS request with RTSP": 400,
        "request/method: SOURCE request with ICE": 400,
        // llhttp 8.1 does not know the method yet.
        "request/method: QUERY request": 501,
    ]

    /// Cases that are about a setting of llhttp's own, or came damaged out of their source.
    static let leftOut: Set<String> = [
        "request/content-length: Content-Length reset when no body is received",
        "request/connection: CRLF between requests, implicit `keep-alive`",
    ]

    /// A Host where the case has none, so that it is judged by what it is about.
    static func withHost(_ input: String) -> String {
        if input.lowercased().contains("\r\nhost:") { return input }
        return input.split(separator: " HTTP/1.1\r\n", omittingEmptySubsequences: false)
            .joined(separator: " HTTP/1.1\r\nHost: a\r\n")
    }

    static func load() throws -> [Vector] {
        let path = PackageRoot.path("Tests/Unit/HTTPWire/Data/llhttp-vectors.json")
        let value = try JSONValue.parse(try Files.bytes(path))
        guard case .array(let cases)? = value["cases"] else { return [] }
        return cases.compactMap { one in
            guard one["type"]?.string == "request", let id = one["id"]?.string,
                !leftOut.contains(id),
                let input = one["input"]?.string, case .array(let log)? = one["log"]
            else { return nil }
            var error: Int?
            if case .array(let parts)? = one["error"], case .integer(let number)? = parts.first {
                error = Int(number)
            }
            let count = log.count { $0.string?.contains("message complete") ?? false }
            // Our parser speaks at the end of the head at the latest: give it one.
            let end = error == nil || error == 5 || error == 22 ? missing(input, log) : "\r\n\r\n"
            return Vector(id: id, input: input + end, messagesCount: count, error: error)
        }
    }

    /// The inputs lack their last line end where the expected events go on behind them.
    private static func missing(_ input: String, _ log: [JSONValue]) -> String {
        let offsets = log.compactMap { line -> Int? in
            guard let text = line.string, text.hasPrefix("off=") else { return nil }
            return Int(text.dropFirst(4).prefix { $0.isNumber })
        }
        return (offsets.max() ?? 0) > input.unicodeScalars.count ? "\r\n" : ""
    }
}
