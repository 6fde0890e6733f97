import HTTPWire
import Testing

/// A head that repeats the one before says what it would say if it were read again.
@Suite struct RepeatedHeadTests {
    /// Whole requests, some alike but for a byte, of which two have a length above what is remembered.
    private static let requests: [String] = {
        let plain = "POST /in HTTP/1.1\r\nHost: h\r\nX-Key: 1\r\nContent-Length: 3\r\n\r\n"
        let long = String(repeating: "v", count: 500)
        return [
            plain + "abc", plain + "xyz",
            "POST /in HTTP/1.1\r\nHost: h\r\nX-Key: 2\r\nContent-Length: 3\r\n\r\n123",
            "POST /in HTTP/1.1\r\nHost: h\r\nX-Key: 1\r\nContent-Length: 4\r\n\r\n1234",
            "GET /out?a=1 HTTP/1.1\r\nHost: h\r\n\r\n", "GET /out?a=2 HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /out?a=1 HTTP/1.1\r\nHost: h\r\nX-Long: \(long)\r\n\r\n",
            "POST /in HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
            "POST /in HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n1",
        ]
    }()

    @Test(arguments: 0..<8)
    func `requests in any order, cut anywhere, are those of a parser that knows none`(
        _ seed: UInt64
    ) {
        var random = SplitMix(state: seed)
        for _ in 0..<60 {
            var text = ""
            var request = Self.requests[0]
            for _ in 0..<20 {
                // Most repeat the one before.
                if random.below(3) == 0 {
                    request = Self.requests[random.below(Self.requests.count)]
                }
                text += request
            }
            let bytes = Array(text.utf8)
            var reads: [[UInt8]] = []
            var at = 0
            while at < bytes.count {
                let end = min(bytes.count, at + 1 + random.below(random.below(2) == 0 ? 40 : 2_000))
                reads.append(Array(bytes[at..<end]))
                at = end
            }
            let quick = ParserRun(reads)
            #expect(quick == ParserRun(reads, takesPlainHeads: false))
            #expect(quick == ParserRun(reads, knowsHeads: false))
            #expect(quick.messages.count == 20)
        }
    }

    @Test func `only a head that is the same to its last byte counts as repeated`() {
        let parser = RequestParser(limits: WireLimits())
        let plain = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
        let unusual = "GET /a HTTP/1.1\r\nHost:h\r\n\r\n"
        let longer = "GET /a HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n"
        let heads = [plain, plain, plain, longer, plain, plain, unusual, unusual, plain, plain]
        var repeated: [Bool] = []
        for head in heads {
            Array(head.utf8).withRawSpan { read in
                var offset = 0
                #expect(parser.advance(read, from: &offset) == .head)
                repeated.append(parser.repeatsHead)
                #expect(parser.advance(read, from: &offset) == .message)
                parser.next()
            }
        }
        #expect(
            repeated == [
                false, true, true, false, false, true, false, false, false, true,
            ]
        )
    }
}
