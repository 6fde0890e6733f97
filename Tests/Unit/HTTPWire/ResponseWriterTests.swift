import HTTPWire
import Primitives
import Testing

@Suite struct ResponseWriterTests {
    static let id = UUIDv7(time: WallTime(milliseconds: 784_111_777_000), random: (1, 2))

    private func line(
        _ version: HTTPVersion = .http11,
        isKept: Bool = true,
        isHead: Bool = false
    ) -> ResponseContext {
        ResponseContext(version: version, isKeptAlive: isKept, isHead: isHead, requestID: Self.id)
    }

    private func writer() -> ResponseWriter {
        var writer = ResponseWriter()
        writer.setTime(WallTime(milliseconds: 784_111_777_123))
        return writer
    }

    private func json(_ line: ResponseContext, _ status: Int) -> String {
        var out: [UInt8] = []
        writer().writeJSON(line, status: status, body: Array("{}".utf8).span, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    @Test func `a whole answer`() {
        #expect(
            json(line(), 200)
                == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                + "X-Request-Id: \(Self.id.text)\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\n\r\n{}"
        )
    }

    @Test func `the answer to HEAD has the length and no body`() {
        let text = json(line(isHead: true), 200)
        #expect(text.hasSuffix("Content-Length: 2\r\n\r\n"))
    }

    @Test(arguments: [204, 304])
    func `some answers have neither a length nor a body`(_ status: Int) {
        let text = json(line(), status)
        #expect(!text.contains("Content-Length"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test func `the connection's future is told where it is not the version's own`() {
        #expect(json(line(isKept: false), 200).contains("\r\nConnection: close\r\n"))
        #expect(json(line(.http10), 200).contains("\r\nConnection: keep-alive\r\n"))
        #expect(!json(line(), 200).contains("Connection"))
    }

    @Test(arguments: [
        ("X-A", "v", true), ("X-A", "v\r\nX-B: w", false), ("X-A", "v\n", false),
        ("X-A", "\u{0}", false), ("X A", "v", false), ("", "v", false), ("X-A:", "v", false),
        ("Content-Length", "1", false), ("transfer-encoding", "chunked", false),
        ("Connection", "close", false), ("X-A", "tab\there", true), ("X-A", "ü", true),
    ])
    func `a field that could split the answer is left out`(
        _ name: String,
        _ value: String,
        _ isTaken: Bool
    ) {
        var out: [UInt8] = []
        #expect(writer().field(name, value, to: &out) == isTaken)
        #expect(String(decoding: out, as: UTF8.self) == (isTaken ? "\(name): \(value)\r\n" : ""))
    }

    @Test func `pieces are chunks`() {
        var out: [UInt8] = []
        writer().piece([UInt8](repeating: 97, count: 26).span, .chunked, to: &out)
        writer().piece([UInt8]().span, .chunked, to: &out)
        writer().endPieces(.chunked, to: &out)
        let letters = String(repeating: "a", count: 26)
        #expect(String(decoding: out, as: UTF8.self) == "1a\r\n\(letters)\r\n0\r\n\r\n")
    }

    @Test(arguments: [
        (Int64(0), "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400_000, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_795_255_200_001, "Sat, 21 Nov 2026 10:00:00 GMT"),
        (-5000, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func `the date is in the form of HTTP`(_ milliseconds: Int64, _ text: String) {
        var writer = ResponseWriter()
        writer.setTime(WallTime(milliseconds: milliseconds))
        var out: [UInt8] = []
        writer.begin(line(), status: 200, to: &out)
        #expect(String(decoding: out, as: UTF8.self).contains("\r\nDate: \(text)\r\n"))
    }

    @Test func `a status that is none is 500`() {
        #expect(json(line(), 99).hasPrefix("HTTP/1.1 500 "))
        #expect(json(line(), 418).hasPrefix("HTTP/1.1 418 \r\n"))
    }
}
