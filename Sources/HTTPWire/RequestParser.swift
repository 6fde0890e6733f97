internal import CLLHTTP

/// Reads the requests of one connection out of the bytes that come in, however they are cut.
///
/// A parser is fed with what was read, step by step. A head that lies whole inside one read, and a body that does, are
/// never copied; otherwise they are gathered in the parser's own memory. Between two steps the caller decides: after
/// ``Step/head`` it sets ``bodyBytesMax`` for the route, after ``Step/message`` it looks at the request with
/// ``withMessage(in:_:)-((Head,RawSpan)->Void)`` and then calls ``next()``.
///
/// The grammar of heads is llhttp's in its strict mode, sharpened by ``HeadCheck``; heads that are as most are, whole and in
/// their usual form, are read without both, and to the same end. Of these, one that repeats the one before is not read again.
/// It belongs to one thread.
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

    // The three are made and given back with the parser, and never replaced.
    let llhttp: UnsafeMutablePointer<llhttp_t>
    let state: UnsafeMutablePointer<ParserState>
    let flow: UnsafeMutablePointer<MessageFlow>

    /// Whether heads may be read without llhttp.
    let takesPlainHeads: Bool
    /// Whether a head that repeats the one before is not read again.
    let knowsHeads: Bool

    /// Makes a parser that has seen nothing.
    ///
    /// - Parameters:
    ///   - limits: The bounds of each head.
    ///   - takesPlainHeads: Whether usual heads may be read without llhttp; tests compare.
    ///   - knowsHeads: Whether a usual head that repeats the one before is not read again; benchmarks compare.
    package init(limits: WireLimits, takesPlainHeads: Bool = true, knowsHeads: Bool = true) {
        self.takesPlainHeads = takesPlainHeads
        self.knowsHeads = knowsHeads
        unsafe llhttp = .allocate(capacity: 1)
        unsafe state = .allocate(capacity: 1)
        unsafe flow = .allocate(capacity: 1)
        unsafe flow.initialize(to: MessageFlow())
        unsafe llhttp_init(llhttp, HTTP_REQUEST, ParserCallbacks.table)
        unsafe state.initialize(to: ParserState(limits: limits))
        unsafe llhttp.pointee.data = UnsafeMutableRawPointer(state)
    }

    deinit {
        unsafe state.pointee.fields.deallocate()
        unsafe state.pointee.known.deallocate()
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
        unsafe flow.deinitialize(count: 1)
        unsafe flow.deallocate()
        unsafe llhttp.deallocate()
    }

    /// What the head of the present message says; meaningful from ``Step/head`` on.
    package var summary: HeadSummary { unsafe flow.pointee.summary }

    /// Whether the head is, byte by byte, the one before on this connection; meaningful from ``Step/head`` on.
    ///
    /// What was decided about that one from its bytes alone then holds for this one.
    package var repeatsHead: Bool { unsafe flow.pointee.isHeadRepeated }

    /// The most bytes the present body may have; set it at ``Step/head``.
    package var bodyBytesMax: Int {
        get { unsafe state.pointee.bodyBytesMax }
        set { unsafe state.pointee.bodyBytesMax = max(0, newValue) }
    }

    /// Whether nothing of a next message has come.
    package var isBetweenMessages: Bool {
        if case .between = unsafe flow.pointee.phase { true } else { false }
    }

    /// Whether a head is coming in and not complete.
    package var isInHead: Bool {
        if case .head = unsafe flow.pointee.phase { true } else { false }
    }

    /// Body bytes that have come in for the present message.
    package var bodyBytesReceived: Int {
        unsafe flow.pointee.bodyCount
    }

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
        case .refused: unsafe flow.pointee.phase = .failed
        case .head, .message: break
        }
        return reached
    }

    /// Makes the present message independent of the read it lies in, so that it can wait.
    package func keepMessage(in read: RawSpan) {
        guard !isBetweenMessages, unsafe flow.pointee.headCount > 0 else { return }
        if unsafe !flow.pointee.isSpilled {
            unsafe flow.pointee.spill.append(bytes: read.extracting(headRange(in: read)))
            unsafe flow.pointee.isSpilled = true
        }
        if unsafe !flow.pointee.isGathered, unsafe flow.pointee.bodyCount > 0 {
            unsafe flow.pointee.body.append(bytes: read.extracting(bodyRange(in: read)))
            unsafe flow.pointee.isGathered = true
        }
    }

    /// Forgets the present message; the next step begins another.
    package func next() {
        unsafe flow.pointee.forget()
    }
}
