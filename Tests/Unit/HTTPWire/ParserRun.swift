import HTTPWire

/// What a parser made of some reads.
struct ParserRun: Equatable {
    /// One request, copied out of the parser's view.
    struct Message: Equatable {
        var method: String
        var path: String
        var query: String?
        var headers: [String]
        var body: String
        var isKeptAlive: Bool
    }

    var messages: [Message] = []
    var headsCount = 0
    var refusal: WireRefusal?

    /// Feeds the reads one after the other, as a connection does.
    init(
        _ reads: [[UInt8]],
        limits: WireLimits = WireLimits(),
        bodyBytesMax: Int = 1 << 20,
        takesPlainHeads: Bool = true,
        knowsHeads: Bool = true
    ) {
        let parser = RequestParser(
            limits: limits,
            takesPlainHeads: takesPlainHeads,
            knowsHeads: knowsHeads
        )
        for read in reads where refusal == nil && messages.last?.isKeptAlive != false {
            read.withRawSpan { feed($0, to: parser, bodyBytesMax) }
        }
    }

    /// Feeds text in one read.
    init(_ text: String, limits: WireLimits = WireLimits(), bodyBytesMax: Int = 1 << 20) {
        self.init([Array(text.utf8)], limits: limits, bodyBytesMax: bodyBytesMax)
    }

    private mutating func feed(
        _ read: RawSpan,
        to parser: RequestParser,
        _ bodyBytesMax: Int
    ) {
        var offset = 0
        while true {
            switch parser.advance(read, from: &offset) {
            case .needMore: return
            case .head:
                headsCount += 1
                parser.bodyBytesMax = bodyBytesMax
            case .message:
                messages.append(
                    parser.withMessage(in: read) { head, body in Self.copy(head, body) }
                )
                parser.next()
                // What follows is not looked at, as on a connection.
                if messages.last?.isKeptAlive == false { return }
            case .refused(let refusal):
                self.refusal = refusal
                return
            }
        }
    }

    private static func copy(_ head: borrowing Head, _ body: RawSpan) -> Message {
        var bytes: [UInt8] = []
        bytes.append(bytes: body)
        return Message(
            method: head.summary.method.name,
            path: head.path,
            query: head.rawQuery,
            headers: head.headers.map { "\($0.name)=\($0.value)" },
            body: String(decoding: bytes, as: UTF8.self),
            isKeptAlive: head.summary.isKeptAlive
        )
    }
}

/// Reads cut at one place.
func cut(_ text: String, at index: Int) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    return [Array(bytes[..<index]), Array(bytes[index...])]
}
