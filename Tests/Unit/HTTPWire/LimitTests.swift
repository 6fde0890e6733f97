import HTTPWire
import Testing

/// Each bound is met exactly: what fits is taken, one more is refused, wherever it is cut.
@Suite struct LimitTests {
    static let limits = WireLimits(requestLineBytesMax: 40, headerBytesMax: 60, fieldsMax: 3)

    private func run(_ text: String, bodyBytesMax: Int = 10) -> Set<WireRefusal?> {
        var found: Set<WireRefusal?> = []
        for index in 0...text.utf8.count {
            let reads = cut(text, at: index)
            found.insert(
                ParserRun(reads, limits: Self.limits, bodyBytesMax: bodyBytesMax).refusal
            )
        }
        found.insert(
            ParserRun(text.utf8.map { [$0] }, limits: Self.limits, bodyBytesMax: bodyBytesMax)
                .refusal
        )
        return found
    }

    @Test func `a request line up to its bound is taken`() {
        let line = "GET /" + String(repeating: "a", count: 35)
        #expect(run(line + " HTTP/1.1\r\nHost: a\r\n\r\n") == [nil])
        #expect(run(line + "a HTTP/1.1\r\nHost: a\r\n\r\n") == [.requestLineTooLong(limit: 40)])
    }

    @Test func `a header section up to its bound is taken`() {
        let section = "Host: a\r\nX: " + String(repeating: "b", count: 44) + "\r\n\r\n"
        #expect(section.utf8.count == 60)
        #expect(run("GET / HTTP/1.1\r\n" + section) == [nil])
        #expect(
            run("GET / HTTP/1.1\r\nY" + section)
                == [.headersTooLarge(limit: 60)]
        )
    }

    @Test func `blanks without end are refused`() {
        let blanks = String(repeating: " ", count: 100)
        #expect(
            run("GET / HTTP/1.1\r\nHost:" + blanks + "a\r\n\r\n") == [.headersTooLarge(limit: 60)]
        )
        let spaced = run("GET" + blanks + "/ HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(spaced.allSatisfy { $0?.status == 414 || $0?.status == 400 })
    }

    @Test func `fields up to their bound are taken`() {
        #expect(run("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\n\r\n") == [nil])
        #expect(
            run("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n")
                == [.tooManyFields(limit: 3)]
        )
    }

    @Test func `a body up to its bound is taken`() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
        #expect(run(head + "10\r\n\r\n0123456789") == [nil])
        #expect(run(head + "11\r\n\r\n01234567890") == [.bodyTooLarge(limit: 10)])
    }

    @Test func `a chunked body up to its bound is taken`() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(run(head + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n") == [nil])
        #expect(run(head + "5\r\n01234\r\n6\r\n567890\r\n0\r\n\r\n") == [.bodyTooLarge(limit: 10)])
        #expect(run(head + "b\r\n") == [.bodyTooLarge(limit: 10)])
    }

    @Test func `extensions and trailers are bounded together`() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let long = String(repeating: "e", count: 200)
        for body in ["1;\(long)\r\nx\r\n0\r\n\r\n", "1\r\nx\r\n0\r\nT: \(long)\r\n\r\n"] {
            #expect(run(head + body) == [.headersTooLarge(limit: 60)])
        }
        let zeros = String(repeating: "0", count: 200)
        #expect(run(head + zeros + "1\r\nx\r\n0\r\n\r\n") == [.headersTooLarge(limit: 60)])
        let trailers = "0\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n"
        #expect(run(head + trailers) == [.tooManyFields(limit: 3)])
    }

    @Test func `many small chunks are taken`() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let chunks = String(repeating: "1\r\nx\r\n", count: 5000)
        let run = ParserRun(
            (head + chunks + "0\r\n\r\n").utf8.map { [$0] },
            limits: Self.limits
        )
        #expect(run.refusal == nil)
        #expect(run.messages.first?.body.utf8.count == 5000)
    }

    @Test func `a hundred fields fit by default and one more does not`() {
        let fields = (0..<99).map { "X-\($0): v\r\n" }.joined()
        let text = "GET / HTTP/1.1\r\nHost: a\r\n" + fields
        #expect(ParserRun(text + "\r\n").messages.first?.headers.count == 100)
        #expect(ParserRun(text + "Y: 1\r\n\r\n").refusal == .tooManyFields(limit: 100))
    }
}
