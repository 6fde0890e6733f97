import Primitives

/// Reads HTTP/1.1 answers out of a connection's bytes, as they come.
///
/// It takes what servers send, not all that RFC 9112 allows: no obsolete line folding, no upgrade.
struct AnswerReader {
    /// What reading came to.
    enum Step: Equatable {
        /// All bytes are used up.
        case needMore
        /// One answer is whole; its parts stand in the reader until the next step.
        case answer
        /// This is no HTTP/1.1.
        case broken
    }

    /// The answer's status.
    private(set) var status = 0
    /// Whether the server closes the connection after the answer.
    private(set) var closes = false
    /// Whether the answer says when to come again.
    private(set) var hasRetryAfter = false
    /// The answer's body, as far as it is kept.
    private(set) var body: [UInt8] = []

    /// How much of a body is kept.
    private static let keptMax = 1 << 20
    private static let headMax = 64 << 10
    private static let lengthName = Array("content-length:".utf8)
    private static let connectionName = Array("connection:".utf8)
    private static let codingName = Array("transfer-encoding:".utf8)
    private static let retryName = Array("retry-after:".utf8)

    private var head: [UInt8] = []
    private var state = State.head

    /// Where in an answer the reader is.
    private enum State {
        case head
        case body(Int)
        case chunkSize(Int, hasDigits: Bool)
        case chunkExtension(Int)
        case chunk(Int)
        case chunkEnd(Int)
        case trailer(isEmpty: Bool)
        case untilClose
    }

    /// Goes on from `offset`.
    mutating func advance(_ bytes: Span<UInt8>, from offset: inout Int) -> Step {
        while offset < bytes.count {
            let step =
                if case .head = state { readHead(bytes, &offset) } else { readBody(bytes, &offset) }
            if step != .needMore { return step }
        }
        return .needMore
    }

    /// Takes the end of the connection; whether it ends an answer.
    mutating func end() -> Bool {
        guard case .untilClose = state else { return false }
        state = .head
        return true
    }

    private mutating func readHead(_ bytes: Span<UInt8>, _ offset: inout Int) -> Step {
        if head.isEmpty { body.removeAll(keepingCapacity: true) }
        while offset < bytes.count {
            let byte = bytes[offset]
            offset &+= 1
            head.append(byte)
            guard byte == 10 else { continue }
            let count = head.count
            if count >= 4, head[count - 2] == 13, head[count - 3] == 10 { return finishHead() }
        }
        return head.count > Self.headMax ? .broken : .needMore
    }

    private mutating func finishHead() -> Step {
        defer { head.removeAll(keepingCapacity: true) }
        guard head.count >= 16, head[0] == UInt8(ascii: "H"), head[5] == UInt8(ascii: "1"),
            let status = number(9, 12)
        else { return .broken }
        self.status = status
        closes = head[7] == UInt8(ascii: "0")
        hasRetryAfter = false
        guard let framing = readFields() else { return .broken }
        if status < 200 { return .needMore }
        if status == 204 || status == 304 { return .answer }
        state = framing
        if case .body(0) = framing { return endAnswer() }
        if case .untilClose = framing { closes = true }
        return .needMore
    }

    /// The fields that matter; nil for a length that is no number.
    private mutating func readFields() -> State? {
        var framing = State.untilClose
        var line = 12
        while line < head.count {
            if head[line] != 10 {
                line += 1
                continue
            }
            let start = line + 1
            line = start
            guard start < head.count else { break }
            switch head[start] | 0x20 {
            case UInt8(ascii: "c"):
                if let value = value(of: Self.lengthName, at: start) {
                    guard let count = number(value, end(of: value)) else { return nil }
                    if case .untilClose = framing { framing = .body(count) }
                } else if let value = value(of: Self.connectionName, at: start) {
                    closes = head[value] | 0x20 == UInt8(ascii: "c")
                }
            case UInt8(ascii: "t"):
                if value(of: Self.codingName, at: start) != nil {
                    framing = .chunkSize(0, hasDigits: false)
                }
            case UInt8(ascii: "r"):
                if value(of: Self.retryName, at: start) != nil { hasRetryAfter = true }
            default: break
            }
        }
        return framing
    }

    private mutating func readBody(_ bytes: Span<UInt8>, _ offset: inout Int) -> Step {
        switch state {
        case .head: return .needMore
        case .body(let left):
            let rest = left - take(left, bytes, &offset)
            state = .body(rest)
            return rest == 0 ? endAnswer() : .needMore
        case .untilClose:
            _ = take(bytes.count - offset, bytes, &offset)
            return .needMore
        case .chunk(let left):
            let rest = left - take(left, bytes, &offset)
            state = rest == 0 ? .chunkEnd(2) : .chunk(rest)
            return .needMore
        default: return readFraming(bytes, &offset)
        }
    }

    /// One byte of what stands between chunks.
    private mutating func readFraming(_ bytes: Span<UInt8>, _ offset: inout Int) -> Step {
        let byte = bytes[offset]
        offset += 1
        switch state {
        case .chunkSize(let size, let hasDigits):
            if let digit = Self.hexDigit(byte), size < 1 << 40 {
                state = .chunkSize(size << 4 | digit, hasDigits: true)
                return .needMore
            }
            guard hasDigits else { return .broken }
            state = byte == 10 ? Self.chunk(size) : .chunkExtension(size)
        case .chunkExtension(let size):
            if byte == 10 { state = Self.chunk(size) }
        case .chunkEnd(let left):
            state = left == 1 ? .chunkSize(0, hasDigits: false) : .chunkEnd(left - 1)
        case .trailer(let isEmpty):
            if byte == 10 {
                if isEmpty { return endAnswer() }
                state = .trailer(isEmpty: true)
            } else if byte != 13 {
                state = .trailer(isEmpty: false)
            }
        default: return .broken
        }
        return .needMore
    }

    private mutating func endAnswer() -> Step {
        state = .head
        return .answer
    }

    private mutating func take(_ count: Int, _ bytes: Span<UInt8>, _ offset: inout Int) -> Int {
        let taken = min(count, bytes.count - offset)
        let kept = min(taken, max(0, Self.keptMax - body.count))
        for index in 0..<kept { body.append(bytes[offset + index]) }
        offset += taken
        return taken
    }

    private static func chunk(_ size: Int) -> State {
        size == 0 ? .trailer(isEmpty: true) : .chunk(size)
    }

    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case 48...57: Int(byte) - 48
        case 65...70: Int(byte) - 55
        case 97...102: Int(byte) - 87
        default: nil
        }
    }

    /// Where the value of a field begins, if this line is that field; `name` in small letters, with its colon.
    private func value(of name: [UInt8], at start: Int) -> Int? {
        var place = start
        for wanted in name {
            guard place < head.count else { return nil }
            let byte = head[place]
            guard byte == wanted || byte | 0x20 == wanted else { return nil }
            place += 1
        }
        while place < head.count, head[place] == 32 || head[place] == 9 { place += 1 }
        return place < head.count ? place : nil
    }

    private func end(of value: Int) -> Int {
        var place = value
        while place < head.count, head[place] > 32 { place += 1 }
        return place
    }

    private func number(_ start: Int, _ end: Int) -> Int? {
        guard start < end, end - start < 16, end <= head.count else { return nil }
        var sum = 0
        for index in start..<end {
            guard (48...57).contains(head[index]) else { return nil }
            sum = sum * 10 + Int(head[index]) - 48
        }
        return sum
    }
}
