internal import CLLHTTP

/// Reads the requests of one connection out of the bytes that come in, however they are cut.
///
/// A parser is fed with what was read, step by step. A head that lies whole inside one read, and a body that does, are
/// never copied; otherwise they are gathered in the parser's own memory. Between two steps the caller decides: after
/// ``Step/head`` it sets ``bodyBytesMax`` for the route, after ``Step/message`` it looks at the request with
/// ``withMessage(in:_:)`` and then calls ``next()``.
///
/// The grammar is llhttp's in its strict mode, sharpened by ``HeadCheck``. It belongs to one thread.
@safe package final class RequestParser {
    /// Bytes of empty lines that are passed over before a request.
    static let blankBytesMax = 4

    /// What a step came to.
    package enum Step: Sendable, Equatable {
        /// All bytes are used up and the message is not complete.
        case needMore
        /// The head is complete and in order.
        case head
        /// The whole request is there.
        case message
        /// The request cannot be taken; nothing more is read from this connection.
        case refused(WireRefusal)
    }

    /// How far the present message is.
    enum Phase {
        case between
        case head
        case unbodied
        case lengthBody(remaining: Int)
        case chunkedBody
        case complete
        case failed
    }

    let llhttp: UnsafeMutablePointer<llhttp_t>
    let state: UnsafeMutablePointer<ParserState>
    var phase = Phase.between
    var blankCount = 0
    var wireBodyCount = 0
    /// Where the head begins in the current read, unless it is spilled.
    var headStart = 0
    var headCount = 0
    var isSpilled = false
    var spill: [UInt8] = []
    /// Where the body lies in the current read, unless it is gathered.
    var bodyStart = 0
    var bodyCount = 0
    var isGathered = false
    var body: [UInt8] = []
    /// Where the current read begins, while llhttp runs.
    var readBase: UnsafeRawPointer?

    /// What the head of the present message says; meaningful from ``Step/head`` on.
    package internal(set) var summary = HeadSummary()

    /// Makes a parser that has seen nothing.
    ///
    /// - Parameter limits: The bounds of each head.
    package init(limits: WireLimits) {
        unsafe llhttp = .allocate(capacity: 1)
        unsafe state = .allocate(capacity: 1)
        unsafe llhttp_init(llhttp, HTTP_REQUEST, ParserCallbacks.table)
        unsafe state.initialize(
            to: ParserState(limits: limits, owner: Unmanaged.passUnretained(self))
        )
        unsafe llhttp.pointee.data = UnsafeMutableRawPointer(state)
    }

    deinit {
        unsafe state.pointee.fields.deallocate()
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
        unsafe llhttp.deallocate()
    }

    /// The most bytes the present body may have; set it at ``Step/head``.
    package var bodyBytesMax: Int {
        get { unsafe state.pointee.bodyBytesMax }
        set { unsafe state.pointee.bodyBytesMax = max(0, newValue) }
    }

    /// Whether nothing of a next message has come.
    package var isBetweenMessages: Bool {
        if case .between = phase { true } else { false }
    }

    /// Whether a head is coming in and not complete.
    package var isInHead: Bool {
        if case .head = phase { true } else { false }
    }

    /// Body bytes that have come in for the present message.
    package var bodyBytesReceived: Int {
        switch phase {
        case .chunkedBody: unsafe state.pointee.bodyCount
        default: bodyCount
        }
    }

    /// Memory that the gathered body takes, in bytes.
    package var gatheredBytes: Int { isGathered ? body.capacity : 0 }

    /// Goes on through a read until something is to be decided.
    ///
    /// - Parameters:
    ///   - read: What was read; the same bytes are given until they are used up.
    ///   - offset: The first byte not used yet; moved behind what this step used.
    /// - Returns: What was reached.
    package func advance(_ read: RawSpan, from offset: inout Int) -> Step {
        guard offset >= 0, offset <= read.byteCount else { return .needMore }
        let reached = unsafe read.withUnsafeBytes { bytes in
            unsafe self.step(bytes, from: &offset)
        }
        switch reached {
        case .needMore: keepMessage(in: read)
        case .refused: phase = .failed
        case .head, .message: break
        }
        return reached
    }

    /// Makes the present message independent of the read it lies in, so that it can wait.
    package func keepMessage(in read: RawSpan) {
        guard !isBetweenMessages, headCount > 0 else { return }
        if !isSpilled {
            Self.append(read, headStart..<headStart + headCount, to: &spill)
            isSpilled = true
        }
        if !isGathered, bodyCount > 0 {
            Self.append(read, bodyStart..<bodyStart + bodyCount, to: &body)
            isGathered = true
        }
    }

    private static func append(_ read: RawSpan, _ place: Range<Int>, to buffer: inout [UInt8]) {
        guard place.upperBound <= read.byteCount else { return }
        unsafe read.extracting(place).withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
    }

    /// Shows the present message's head and, as far as it is there, body.
    ///
    /// - Parameters:
    ///   - read: The read that the latest step went through; not looked at once the message is kept.
    ///   - look: Gets the head and body, which live no longer than this call.
    /// - Returns: What `look` gives.
    /// - Throws: What `look` throws.
    package func withMessage<Result, Failure: Error>(
        in read: RawSpan,
        _ look: (consuming Head, RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The bytes stay where they are during the call: nothing is fed while a message is looked at.
        let fields = unsafe UnsafeBufferPointer(
            start: state.pointee.fields,
            count: state.pointee.fieldsCount
        )
        let head = unsafe Head(summary: summary, bytes: headBytes(in: read), fields: fields)
        return try look(head, unsafe bodyBytes(in: read).bytes)
    }

    private func headBytes(in read: RawSpan) -> UnsafeRawBufferPointer {
        if isSpilled { return unsafe spill.withUnsafeBytes { unsafe $0 } }
        guard headStart + headCount <= read.byteCount else {
            return unsafe .init(start: nil, count: 0)
        }
        return unsafe read.extracting(headStart..<headStart + headCount)
            .withUnsafeBytes { unsafe $0 }
    }

    private func bodyBytes(in read: RawSpan) -> UnsafeRawBufferPointer {
        if isGathered { return unsafe body.withUnsafeBytes { unsafe $0 } }
        guard bodyStart + bodyCount <= read.byteCount else {
            return unsafe .init(start: nil, count: 0)
        }
        return unsafe read.extracting(bodyStart..<bodyStart + bodyCount)
            .withUnsafeBytes { unsafe $0 }
    }

    /// Forgets the present message; the next step begins another.
    package func next() {
        phase = .between
        blankCount = 0
        wireBodyCount = 0
        isSpilled = false
        isGathered = false
        bodyStart = 0
        bodyCount = 0
        headCount = 0
        if !spill.isEmpty { Self.empty(&spill) }
        if !body.isEmpty { Self.empty(&body) }
    }

    /// Takes a piece of a chunked body from llhttp's callback.
    func takePiece(_ piece: UnsafeRawBufferPointer) {
        guard let start = piece.baseAddress else { return }
        if !isGathered, bodyCount == 0, let base = unsafe readBase {
            // The first piece stays where it is: it may be the only one.
            bodyStart = unsafe start - base
            bodyCount = piece.count
            return
        }
        if !isGathered, bodyCount > 0, let base = unsafe readBase {
            unsafe body.append(
                contentsOf: UnsafeRawBufferPointer(start: base + bodyStart, count: bodyCount)
            )
        }
        isGathered = true
        unsafe body.append(contentsOf: piece)
        bodyCount += piece.count
    }

    private static func empty(_ buffer: inout [UInt8]) {
        // What an unusually large message needed is given back; what most need is kept.
        buffer.removeAll(keepingCapacity: buffer.capacity <= 16 << 10)
    }
}
