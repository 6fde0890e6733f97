internal import CLLHTTP

// The request parser
// ==================
//
// Bytes of one connection become requests, and nothing else does: what is not HTTP/1.1 by RFC 9112 is refused with the
// status its fault has. The parser knows no socket, no route and no clock.
//
//   read (borrowed) ──▶ advance ──▶ .needMore    all bytes are used up; feed the next read
//                         │ ▲
//                         │ └────── .head        the caller routes, bounds the body, may ask its gates
//                         │
//                         ├───────▶ .message     the caller looks at head and body in one piece, then calls next()
//                         └───────▶ .refused     nothing more is read from this connection
//
// The phases of a message, and what each is read by:
//
//   between ─▶ head ─▶ unbodied | lengthBody | chunkedBody ─▶ complete ─▶ between          failed (from anywhere)
//              │                  │            └ ChunkLines: our own; bounds on each line and on trailers
//              │                  └ counted bytes
//              └ one of three readers, which give the same HeadSummary:
//                 1. RepeatedHead   the head is, byte by byte, the one before: nothing is read again
//                 2. CHTTPHead      the head lies whole in the read and has its usual form
//                 3. llhttp         any other head; then HeadValidator, for what llhttp lets pass
//
// Why three. Senders of webhooks send the same dozen header lines in every request, and a connection that is kept sends
// them in the same order. Reading them byte by byte through callbacks was a third of a callback's cost. The fast readers
// take only what is beyond doubt and leave the rest to llhttp, so that there is one judge of what HTTP is; the tests read
// generated heads, usual, unusual and broken, with and without them, and compare every field and every refusal.
//
// Who holds the bytes. A message that lies inside one read is never copied: head and body are ranges of the read, and
// the head's fields are offsets from its first byte, so that they hold wherever it lies. Once a read ends in the middle,
// `spill` gathers the head and `body` the body. `keepMessage` does the same by hand for a message that has to wait (in a
// queue, for a gate, for a worker).
//
// What holds at every step:
//   - No byte is looked at twice by llhttp; none is left behind when `needMore` is given.
//   - Bounds are kept while bytes come, not when a line is complete: request line, header bytes, number of fields, chunk
//     lines, trailers, body. What was refused stays refused.
//   - A request has one length. Content-Length beside Transfer-Encoding, two lengths that differ, a chunked coding that is
//     not the last: refused, never repaired. Here lies request smuggling, and nowhere else in the house is it met.
//   - The host of an absolute target counts, and a Host field beside it does not (RFC 9112, 3.2.2).
//
// State lies in three pieces of raw memory that the parser makes and gives back: llhttp's, what its C callbacks write
// (ParserState), and the message's (MessageState). As class properties each access would be checked for exclusivity, some
// forty times in a callback; the pieces have one owner and one thread, and nothing else points at them between calls.
//
// What it does not do: HTTP/2 (a `PRI` preface is told apart and refused with its own sentence), obs-fold, HTTP/0.9,
// decoding of bodies, and deciding what a request means.

/// Reads the requests of one connection out of the bytes that come in, however they are cut.
///
/// A parser is fed with what was read, step by step. A head that lies whole inside one read, and a body that does, are
/// never copied; otherwise they are gathered in the parser's own memory. Between two steps the caller decides: after
/// ``Step/head`` it sets ``bodyBytesMax`` for the route, after ``Step/message`` it looks at the request with
/// ``withMessage(in:_:)-((Head,RawSpan)->Void)`` and then calls ``next()``.
///
/// The grammar of heads is llhttp's in its strict mode, sharpened by ``HeadValidator``; heads that are as most are, whole and in
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
    let flow: UnsafeMutablePointer<MessageState>

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
        unsafe flow.initialize(to: MessageState())
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

extension RequestParser {
    /// Shows the present message's head and, as far as it is there, body.
    ///
    /// - Parameters:
    ///   - read: The read that the latest step went through; not looked at once the message is kept.
    ///   - look: Gets the head and body, which live no longer than this call; it must not feed the parser.
    package func withMessage(in read: RawSpan, _ look: (consuming Head, RawSpan) -> Void) {
        guard unsafe flow.pointee.isSpilled else {
            return show(read.extracting(headRange(in: read)), read, look)
        }
        let kept = unsafe flow.pointee.spill
        show(unsafe kept.span.bytes, read, look)
    }

    /// Shows the present message as ``withMessage(in:_:)-((Head,RawSpan)->Void)`` does.
    ///
    /// - Returns: What `look` gives.
    /// - Throws: What `look` throws.
    package func withMessage<Result, Failure: Error>(
        in read: RawSpan,
        _ look: (consuming Head, RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var outcome: Swift.Result<Result, Failure>?
        withMessage(in: read) { (head: consuming Head, body: RawSpan) -> Void in
            do throws(Failure) {
                outcome = .success(try look(head, body))
            } catch {
                outcome = .failure(error)
            }
        }
        guard let outcome else { preconditionFailure("a message was not shown") }
        return try outcome.get()
    }

    private func show(
        _ head: RawSpan,
        _ read: RawSpan,
        _ look: (consuming Head, RawSpan) -> Void
    ) {
        guard unsafe flow.pointee.isGathered else {
            return show(head, body: read.extracting(bodyRange(in: read)), look)
        }
        let kept = unsafe flow.pointee.body
        show(head, body: unsafe kept.span.bytes, look)
    }

    private func show(
        _ head: RawSpan,
        body: RawSpan,
        _ look: (consuming Head, RawSpan) -> Void
    ) {
        unsafe head.withUnsafeBytes { bytes in
            // The fields are the parser's own, and stay while nothing is fed.
            let fields = unsafe UnsafeBufferPointer(
                start: state.pointee.fields,
                count: state.pointee.fieldsCount
            )
            look(
                unsafe Head(summary: flow.pointee.summary, bytes: bytes, fields: fields),
                body
            )
        }
    }

    /// Where the head lies in a read; nothing where it does not fit.
    func headRange(in read: RawSpan) -> Range<Int> {
        unsafe Self.range(flow.pointee.headStart, flow.pointee.headCount, in: read)
    }

    /// Where the body lies in a read; nothing where it does not fit.
    func bodyRange(in read: RawSpan) -> Range<Int> {
        unsafe Self.range(flow.pointee.bodyStart, flow.pointee.bodyCount, in: read)
    }

    private static func range(_ start: Int, _ count: Int, in read: RawSpan) -> Range<Int> {
        guard start >= 0, count >= 0, start <= read.byteCount, count <= read.byteCount - start
        else { return 0..<0 }
        return start..<start + count
    }
}

extension RequestParser {
    /// Bytes of the present body that lie in memory of the parser's own.
    package var gatheredBytes: Int {
        unsafe flow.pointee.isGathered ? flow.pointee.body.count : 0
    }

    /// The memory that the gathered body lies in, in bytes.
    package var bodyCapacity: Int {
        unsafe flow.pointee.body.capacity
    }

    /// The room that the present body would have, where it has less; `readBytes` is the most that comes at once.
    ///
    /// Only a body whose length was announced asks for any. It has earned new memory when what it has may not hold
    /// another read.
    package func roomWanted(readBytes: Int) -> BodyCapacity? {
        guard unsafe flow.pointee.isGathered,
            case .lengthBody(let remaining) = unsafe flow.pointee.phase
        else { return nil }
        let (count, capacity) = unsafe (flow.pointee.body.count, flow.pointee.body.capacity)
        let announced = count + remaining
        guard announced > BodyCapacity.trustedBytes, announced > capacity else { return nil }
        let isFull = capacity - count < readBytes
        let earned = isFull ? min(announced, BodyCapacity.step(from: count + readBytes)) : 0
        return BodyCapacity(announced: announced, earned: earned)
    }

    /// Moves the gathered body into other memory.
    ///
    /// - Parameter room: Empty, with a capacity that suits what was wanted.
    /// - Returns: The memory it lay in.
    package func moveBody(into room: consuming [UInt8]) -> [UInt8] {
        var room = room
        unsafe room.append(contentsOf: flow.pointee.body)
        unsafe swap(&room, &flow.pointee.body)
        return room
    }

    /// Has more of a gathered body, whose length was announced, put straight behind what is there.
    ///
    /// - Parameters:
    ///   - bytesMax: The most bytes that are taken.
    ///   - receive: Adds up to so many bytes, and moves nothing.
    /// - Returns: How many came; 0 also for any other body.
    package func gather(
        upTo bytesMax: Int,
        _ receive: (_ body: inout [UInt8], _ bytesMax: Int) -> Void
    ) -> Int {
        guard unsafe flow.pointee.isGathered,
            case .lengthBody(let remaining) = unsafe flow.pointee.phase,
            unsafe remaining <= bodyBytesMax - flow.pointee.bodyCount
        else { return 0 }
        let wanted = min(bytesMax, remaining)
        unsafe flow.pointee.reserveBody(wanted, of: remaining)
        var body: [UInt8] = []
        unsafe swap(&body, &flow.pointee.body)
        let before = body.count
        receive(&body, min(wanted, body.capacity - before))
        let came = body.count - before
        unsafe swap(&body, &flow.pointee.body)
        unsafe flow.pointee.bodyCount += came
        unsafe flow.pointee.phase =
            came == remaining ? .complete : .lengthBody(remaining: remaining - came)
        return came
    }

    /// Takes the gathered body out of the parser, which has none from here on; nil where it was not gathered.
    package func takeBody() -> [UInt8]? {
        guard unsafe flow.pointee.isGathered else { return nil }
        var body: [UInt8] = []
        unsafe swap(&body, &flow.pointee.body)
        return body
    }
}

extension RequestParser {
    /// Goes on through a chunked body.
    ///
    /// llhttp does not read it: its extensions are narrower than the standard's in the versions that are packaged.
    func stepChunks(_ read: UnsafeRawBufferPointer, from offset: inout Int) -> Step {
        while offset < read.count {
            if case .data = unsafe flow.pointee.chunks.state {
                let left = unsafe flow.pointee.chunks.left
                let count = min(Int(clamping: left), read.count - offset)
                unsafe gatherPiece(read, offset..<offset + count)
                unsafe flow.pointee.chunks.take(count)
                offset += count
                continue
            }
            let step = unsafe flow.pointee.chunks.take(byte: read[offset])
            offset += 1
            switch step {
            case .more: break
            case .chunk:
                let size = unsafe flow.pointee.chunks.left
                let room = unsafe bodyBytesMax - flow.pointee.bodyCount
                guard size <= UInt64(clamping: room) else {
                    return .refused(.bodyTooLarge(limit: bodyBytesMax))
                }
            case .end:
                unsafe flow.pointee.phase = .complete
                return .message
            case .refused(let refusal): return .refused(refusal)
            }
            if let refusal = chunkBounds() { return .refused(refusal) }
        }
        return .needMore
    }

    /// What speaks against the extensions and trailers so far: they are bounded as a head is, but extensions may be as long
    /// as what they come with (some sign each chunk).
    private func chunkBounds() -> WireRefusal? {
        let limits = unsafe state.pointee.limits
        let chunks = unsafe flow.pointee.chunks
        let extensions = unsafe chunks.extensionBytes - flow.pointee.bodyCount
        if max(extensions, 0) + chunks.trailerBytes > limits.headerBytesMax {
            return .headersTooLarge(limit: limits.headerBytesMax)
        }
        if chunks.trailersCount > limits.fieldsMax {
            return .tooManyFields(limit: limits.fieldsMax)
        }
        return nil
    }

    /// Gathers a piece of the body, unless it is the first: that may be the only one, and stays where it is.
    private func gatherPiece(_ read: UnsafeRawBufferPointer, _ range: Range<Int>) {
        let received = unsafe flow.pointee.bodyCount
        unsafe flow.pointee.bodyCount = received + range.count
        if unsafe !flow.pointee.isGathered {
            if received == 0 {
                unsafe flow.pointee.bodyStart = range.lowerBound
                return
            }
            let first = unsafe flow.pointee.bodyStart
            unsafe flow.pointee.body.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: read[first..<first + received])
            )
            unsafe flow.pointee.isGathered = true
        }
        unsafe flow.pointee.body.append(
            contentsOf: UnsafeRawBufferPointer(rebasing: read[range])
        )
    }
}
