internal import Primitives

/// What llhttp lets pass and we do not: the shape of the lines, Host, Transfer-Encoding, Expect and the target.
///
/// It goes once over the fields of a complete head, in the order: version, lines and fields, Host, framing, target.
struct HeadValidator {
    private var summary = HeadSummary()
    private var hostCount = 0
    private var host = ByteRange.none
    private var codings = TransferCodings()
    private var hasLength = false

    /// Checks a complete head.
    ///
    /// - Parameters:
    ///   - head: The head's bytes, up to and with the empty line.
    ///   - state: What the callbacks wrote down; the fields' values lose the blanks at their ends here.
    ///   - facts: What llhttp found in the lines.
    /// - Returns: What the head says.
    /// - Throws: ``WireRefusal``, for the first thing that is wrong.
    static func check(
        _ head: Span<UInt8>,
        _ state: inout ParserState,
        _ facts: ParserFacts
    ) throws(WireRefusal) -> HeadSummary {
        var check = HeadValidator()
        try check.checkLines(head, &state, facts)
        try check.checkHost(head)
        try check.checkFraming(head, facts)
        try TargetCheck.check(head, state.target, &check.summary)
        return check.summary
    }

    private mutating func checkLines(
        _ head: Span<UInt8>,
        _ state: inout ParserState,
        _ facts: ParserFacts
    ) throws(WireRefusal) {
        guard facts.major == 1, facts.minor <= 1 else { throw .versionUnsupported }
        summary.version = facts.minor == 1 ? .http11 : .http10
        summary.method = Method(llhttp: facts.method)
        summary.isKeptAlive = facts.isKeptAlive
        guard !state.isFolded else { throw .malformed("A header value is folded over lines.") }
        var line = try Self.endOfRequestLine(head, state.target)
        for index in 0..<state.fieldsCount {
            var field = unsafe state.fields[index]
            line = try Self.checkLine(head, from: line, &field)
            unsafe state.fields[index] = field
            try note(field, in: head)
        }
        guard line + 2 == head.count, head[line] == 13, head[line + 1] == 10 else {
            throw .malformed("The header section does not end with an empty line.")
        }
    }

    /// Where the first field line begins, after exactly `METHOD SP target SP HTTP/1.x CRLF`.
    private static func endOfRequestLine(
        _ head: Span<UInt8>,
        _ target: ByteRange
    ) throws(WireRefusal) -> Int {
        let reason: StaticReason = "The request line is not `METHOD target HTTP/1.1`."
        guard target.isSet, target.range.lowerBound >= 2, target.end + 11 <= head.count else {
            throw .malformed(reason)
        }
        let start = target.range.lowerBound
        guard head[start - 1] == 32, head[start - 2] != 32, head[0] > 32 else {
            throw .malformed(reason)
        }
        let end = target.end
        guard head[end] == 32, head[end + 1] == UInt8(ascii: "H"), head[end + 9] == 13,
            head[end + 10] == 10
        else { throw .malformed(reason) }
        return end + 11
    }

    /// Makes sure that a field is `name ":" OWS value OWS CRLF` and gives where the next line begins.
    @inline(__always)
    private static func checkLine(
        _ head: Span<UInt8>,
        from line: Int,
        _ field: inout FieldRange
    ) throws(WireRefusal) -> Int {
        // The usual line has one blank before its value and none behind.
        let nameEnd = field.name.end
        let start = Int(field.value.start)
        let end = field.value.end
        if Int(field.name.start) == line, nameEnd > line, start == nameEnd + 2, end > start,
            end + 1 < head.count, head[nameEnd] == UInt8(ascii: ":"), head[nameEnd + 1] == 32,
            head[end] == 13, head[end + 1] == 10, !ASCII.isBlank(head[end - 1])
        {
            return end + 2
        }
        return try checkUnusualLine(head, from: line, &field)
    }

    /// The same for a line with other blanks, or one that is not in order.
    @inline(never)
    private static func checkUnusualLine(
        _ head: Span<UInt8>,
        from line: Int,
        _ field: inout FieldRange
    ) throws(WireRefusal) -> Int {
        let reason: StaticReason = "A header line is not `name: value`."
        let nameEnd = field.name.end
        guard field.name.isSet, field.name.count > 0, Int(field.name.start) == line,
            nameEnd < head.count, head[nameEnd] == UInt8(ascii: ":")
        else { throw .malformed(reason) }
        var start = nameEnd + 1
        // Of an empty value llhttp does not say where it is.
        let hasValue = field.value.isSet && field.value.count > 0
        if hasValue {
            let valueStart = Int(field.value.start)
            guard valueStart >= start, field.value.end <= head.count else {
                throw .malformed(reason)
            }
            while start < valueStart, ASCII.isBlank(head[start]) { start += 1 }
            guard start == valueStart else {
                throw .malformed("A header value is folded over lines.")
            }
        }
        var end = hasValue ? field.value.end : start
        var next = end
        while next < head.count, ASCII.isBlank(head[next]) { next += 1 }
        guard next + 1 < head.count, head[next] == 13, head[next + 1] == 10 else {
            throw .malformed("A header line does not end with CR LF.")
        }
        while end > start, ASCII.isBlank(head[end - 1]) { end -= 1 }
        field.value = ByteRange(start, end)
        return next + 2
    }

    /// Looks at the fields that mean something here.
    private mutating func note(
        _ field: FieldRange,
        in head: Span<UInt8>
    ) throws(WireRefusal) {
        switch FieldName(head, field.name) {
        case .host:
            hostCount += 1
            host = field.value
        case .expect:
            noteExpectation(head.extracting(field.value.range))
        case .contentType:
            if !summary.contentType.isSet { summary.contentType = field.value }
        case .contentEncoding:
            let value = head.extracting(field.value.range)
            let isIdentity = value.isEmpty || ASCII.equals(value, "identity")
            if !isIdentity, !summary.contentEncoding.isSet { summary.contentEncoding = field.value }
        case .contentLength:
            try noteLength(head.extracting(field.value.range))
        case .transferEncoding:
            codings.note(head.extracting(field.value.range))
        case nil:
            return
        }
    }

    private mutating func noteLength(_ value: Span<UInt8>) throws(WireRefusal) {
        let reason: StaticReason = "The Content-Length is not valid or does not stand alone."
        guard !hasLength, !value.isEmpty else { throw .malformed(reason) }
        for index in value.indices where value[index] < 48 || value[index] > 57 {
            throw .malformed(reason)
        }
        hasLength = true
    }

    private mutating func noteExpectation(_ value: Span<UInt8>) {
        if !ASCII.equals(value, "100-continue") {
            summary.expectation = .unknown
        } else if summary.version == .http11, summary.expectation == .nothing {
            summary.expectation = .continuation
        }
    }

    private func checkHost(_ head: Span<UInt8>) throws(WireRefusal) {
        if hostCount == 0 {
            // HTTP/1.0 knows requests without one (RFC 9112, 3.2).
            guard summary.version == .http10 else {
                throw .hostInvalid("The Host header is missing.")
            }
            return
        }
        guard hostCount == 1 else { throw .hostInvalid("There is more than one Host header.") }
        guard HostCheck.isValid(head.extracting(host.range)) else {
            throw .hostInvalid("The Host header is not `host` or `host:port`.")
        }
    }

    private mutating func checkFraming(
        _ head: Span<UInt8>,
        _ facts: ParserFacts
    ) throws(WireRefusal) {
        guard codings.isPresent else {
            if hasLength {
                guard let length = Int(exactly: facts.contentLength) else {
                    throw .malformed("The Content-Length is too large.")
                }
                summary.framing = length == 0 ? .none : .length(length)
            }
            return
        }
        guard !hasLength else {
            throw .malformed("Transfer-Encoding and Content-Length are both there.")
        }
        guard summary.version == .http11 else {
            throw .malformed("Transfer-Encoding is not known in HTTP/1.0.")
        }
        try codings.check()
        summary.framing = .chunked
    }
}

/// The names of fields that mean something here, compared eight bytes at a time and without regard to case.
///
/// A name is a token (llhttp refuses others), and of the characters of a token only letters become those of a name below
/// when bit 5 is set. The numbers are the names' bytes, the first one lowest.
enum FieldName: UInt8 {
    case host, expect, contentType, contentLength, contentEncoding, transferEncoding

    private static let bit5: UInt64 = 0x2020_2020_2020_2020

    /// The name at a place of a head; nil for one that means nothing here.
    init?(_ head: Span<UInt8>, _ place: ByteRange) {
        let start = Int(place.start)
        switch place.count {
        case 4 where Self.word(head, start, 4) == 0x7473_6f68: self = .host
        case 6 where Self.word(head, start, 6) == 0x7463_6570_7865: self = .expect
        case 12
        where Self.word(head, start, 8) == 0x2d74_6e65_746e_6f63
            && Self.word(head, start + 8, 4) == 0x6570_7974:
            self = .contentType
        case 14
        where Self.word(head, start, 8) == 0x2d74_6e65_746e_6f63
            && Self.word(head, start + 8, 6) == 0x6874_676e_656c:
            self = .contentLength
        case 16
        where Self.word(head, start, 8) == 0x2d74_6e65_746e_6f63
            && Self.word(head, start + 8, 8) == 0x676e_6964_6f63_6e65:
            self = .contentEncoding
        case 17
        where Self.word(head, start, 8) == 0x7265_6673_6e61_7274
            && Self.word(head, start + 8, 8) == 0x6e69_646f_636e_652d
            && Self.word(head, start + 16, 1) == 0x67:
            self = .transferEncoding
        default: return nil
        }
    }

    /// Up to eight bytes in lower case.
    @inline(__always)
    private static func word(_ head: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
        let word = head.word(at: start) | bit5
        return count == 8 ? word : word & (1 << UInt64(count * 8) &- 1)
    }
}

/// Hexadecimal digits, eight at a time.
enum HexWord {
    /// The eight lower-case digits of a number as ASCII, the first in the most significant byte.
    ///
    /// The nibbles are spread over the bytes of one word and turned into digits together, without a branch.
    static func digits(_ number: UInt32) -> UInt64 {
        var word = UInt64(number)
        word = (word | word << 16) & 0x0000_FFFF_0000_FFFF
        word = (word | word << 8) & 0x00FF_00FF_00FF_00FF
        word = (word | word << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // One in every byte whose nibble is above 9: there the letters begin.
        let letters = (word &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return word &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }
}
