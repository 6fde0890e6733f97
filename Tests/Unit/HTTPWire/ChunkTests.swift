import HTTPWire
import Testing

/// The lines round the pieces of a chunked body (RFC 9112, 7.1), however they are cut.
@Suite struct ChunkTests {
    private static let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    /// The same text whole, in two reads cut at each place near its end, and byte by byte.
    private static func runs(_ text: String) -> [ParserRun] {
        let bytes = Array(text.utf8)
        var runs = [ParserRun([bytes]), ParserRun(bytes.map { [$0] })]
        for cut in head.utf8.count..<bytes.count {
            runs.append(ParserRun([Array(bytes[..<cut]), Array(bytes[cut...])]))
        }
        return runs
    }

    @Test(arguments: [
        "2\r\nok\r\n0\r\n\r\n",
        "2;a\r\nok\r\n0\r\n\r\n", "2;a=b;c\r\nok\r\n0\r\n\r\n", "2;a=b;c=d\r\nok\r\n0\r\n\r\n",
        "2; a=b\r\nok\r\n0\r\n\r\n", "2 ;a=b\r\nok\r\n0\r\n\r\n", "2;a = b\r\nok\r\n0\r\n\r\n",
        "2\t;\ta\t=\t\"b\"\t;c\r\nok\r\n0\r\n\r\n",
        "2;a=\"\\\"\"\r\nok\r\n0\r\n\r\n", "2;a=\"\"\r\nok\r\n0\r\n\r\n",
        "2;a=\"b;c=\\\\ \t\u{e9}\"\r\nok\r\n0\r\n\r\n", "2;a=\"x\";b\r\nok\r\n0;end=1\r\n\r\n",
        "0002\r\nok\r\n000\r\n\r\n", "1\r\no\r\n1;x\r\nk\r\n0\r\n\r\n",
        "2\r\nok\r\n0\r\nT: v\r\n\r\n", "2\r\nok\r\n0\r\nT:\r\nU: \t v \t\r\n\r\n",
        "00000000000000000000000002\r\nok\r\n0\r\n\r\n",
    ])
    func `what the grammar has is taken, and extensions and trailers are ignored`(_ body: String) {
        for run in Self.runs(Self.head + body + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n") {
            #expect(run.refusal == nil)
            #expect(run.messages.map(\.body) == ["ok", ""])
            #expect(run.messages.last?.path == "/next")
        }
    }

    @Test(arguments: [
        // Lines that end with a bare LF or CR.
        "2\nok\r\n0\r\n\r\n", "2\r\nok\n0\r\n\r\n", "2\r\nok\r\n0\n\r\n", "2\r\nok\r\n0\r\n\n",
        "2\r\nok\r\n0\r\nT: v\n\r\n", "2\r\nok\r\n0\r\nT: v\r\n\n", "2;a\nok\r\n0\r\n\r\n",
        "2;a=b\nok\r\n0\r\n\r\n", "2;a=\"b\nc\"\r\nok\r\n0\r\n\r\n", "2\rok\r\n0\r\n\r\n",
        "2\r\nok\r0\r\n\r\n", "2\r\nok\r\n0\r\n\rX", "2;a=\"b\"\nok\r\n0\r\n\r\n",
        // Sizes.
        "\r\nok\r\n0\r\n\r\n", "g\r\n", "-2\r\nok\r\n", "+2\r\nok\r\n", "0x2\r\nok\r\n",
        " 2\r\nok\r\n",
        "2 \r\nok\r\n0\r\n\r\n", "2\t\r\nok\r\n0\r\n\r\n", "2,\r\nok\r\n", "2 2\r\nok\r\n",
        "10000000000000002\r\nok\r\n", "ffffffffffffffffff\r\n",
        // Extensions.
        "2;\r\nok\r\n0\r\n\r\n", "2;a=\r\nok\r\n0\r\n\r\n", "2;=b\r\nok\r\n0\r\n\r\n",
        "2;a \r\nok\r\n0\r\n\r\n", "2;a=b \r\nok\r\n0\r\n\r\n", "2;a=\"b\" \r\nok\r\n0\r\n\r\n",
        "2;a=\"b\r\nok\r\n0\r\n\r\n", "2;a=\"b\"c\r\nok\r\n0\r\n\r\n", "2;a b\r\nok\r\n0\r\n\r\n",
        "2;a=b=c\r\nok\r\n0\r\n\r\n", "2;a=\"\\\r\n\"\r\nok\r\n0\r\n\r\n",
        "2;a;;b\r\nok\r\n0\r\n\r\n",
        "2;a\u{0}\r\nok\r\n0\r\n\r\n", "2;a=\"\u{7f}\"\r\nok\r\n0\r\n\r\n",
        // Pieces longer or shorter than their size.
        "2\r\noky\r\n0\r\n\r\n", "3\r\nok\r\n0\r\n\r\n",
        // Trailers.
        "2\r\nok\r\n0\r\nT : v\r\n\r\n", "2\r\nok\r\n0\r\n T: v\r\n\r\n",
        "2\r\nok\r\n0\r\nT\r\n\r\n",
        "2\r\nok\r\n0\r\n: v\r\n\r\n", "2\r\nok\r\n0\r\nT: v\r\n folded\r\n\r\n",
        "2\r\nok\r\n0\r\nT: \u{0}\r\n\r\n",
    ])
    func `anything else is refused`(_ body: String) {
        for run in Self.runs(Self.head + body + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n") {
            #expect(run.refusal?.status == 400, "\(run.messages)")
            #expect(run.messages.isEmpty)
        }
    }

    @Test func `extensions may be as long as what they come with, and little more`() {
        let signed = ";chunk-signature=" + String(repeating: "a", count: 64)
        let piece = "64" + signed + "\r\n" + String(repeating: "x", count: 100) + "\r\n"
        let many = ParserRun(Self.head + String(repeating: piece, count: 500) + "0\r\n\r\n")
        #expect(many.messages.first?.body.utf8.count == 50_000)
        let thin = "1" + signed + "\r\nx\r\n"
        let refused = ParserRun(Self.head + String(repeating: thin, count: 500) + "0\r\n\r\n")
        #expect(refused.refusal == .headersTooLarge(limit: 16 << 10))
    }
}
