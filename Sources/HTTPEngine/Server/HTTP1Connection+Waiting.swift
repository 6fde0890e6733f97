internal import HTTPWire
internal import Loops
internal import Primitives

/// What a request waits for: a place among those that are processed, and memory for its body.
extension HTTP1Connection {
    // MARK: The queue

    /// The request that waits has a place now; false where it does not wait any more.
    func takePlace(_ sequence: UInt64) -> Bool {
        guard let waiting = queued, waiting.ticket.sequence == sequence,
            machine.reading != .closed
        else { return false }
        queued = nil
        (site, route) = (waiting.site, waiting.route)
        let resumes = machine.resume(.queued, bodyBytes: 0, now: server.now)
        let nothing: [UInt8] = []
        nothing.withRawSpan { read in
            handle(waiting.ticket, in: read, admission: site.shared.admission)
        }
        if resumes { resumeParsing() }
        settle()
        return true
    }

    /// The request that waits has waited long enough.
    func leaveQueue() {
        guard let waiting = queued, let admission = waiting.site.shared.admission,
            admission.leave(waiting.number)
        else { return }
        queued = nil
        (site, route) = (waiting.site, waiting.route)
        let resumes = machine.resume(.queued, bodyBytes: 0, now: server.now)
        let problem = Self.overloaded("The request waited too long for its turn.")
        let nothing: [UInt8] = []
        nothing.withRawSpan { tellRefused(problem, waiting.ticket, in: $0) }
        nothing.withRawSpan { writeRefusal(waiting.ticket, problem, in: $0) }
        finishMessage()
        if resumes { resumeParsing() }
    }

    // MARK: Memory

    /// Takes memory for what is gathered of the body; without any, reading rests.
    func takeBodyMemory() {
        let gathered = parser.gatheredBytes
        guard gathered > bodyMemoryTaken else { return makeRoom() }
        let memory = server.shared.bodyMemory
        bodyMemoryWanted = wantedMemory(gathered)
        switch memory.take(bodyMemoryWanted, for: &bodyClaim, door: door) {
        case .granted:
            bodyMemoryTaken = bodyMemoryWanted
            makeRoom()
        case .waiting: machine.pause(.memory, now: server.now)
        case .full: refuse(Self.overloaded("Too many bodies wait for memory."))
        case .tooLarge:
            let bound = "server.max_body_memory (\(memory.bytesMax) bytes)"
            refuse(
                Problem(
                    status: 413,
                    code: .bodyTooLarge,
                    detail: "The body is larger than \(bound)."
                )
            )
        }
    }

    /// The memory that the body is to have: all that was announced, or a step ahead of what has come.
    private func wantedMemory(_ gathered: Int) -> Int {
        if case .length(let length) = parser.summary.framing { return max(length, gathered) }
        let step = max(BodyMemory.blockBytes, gathered / 4)
        let most = max(gathered, min(server.shared.bodyMemory.bytesMax, parser.bodyBytesMax))
        return min(gathered + step, most)
    }

    /// Hears what became of the body that waits for memory.
    func bodyMemoryDecided(_ id: BodyMemory.ID, isGranted: Bool) {
        guard bodyClaim == id, machine.pauses.contains(.memory) else { return }
        guard isGranted else {
            refuse(Self.overloaded("There is no memory for more bodies."))
            return settle()
        }
        bodyMemoryTaken = bodyMemoryWanted
        makeRoom()
        let bytes = parser.bodyBytesReceived
        if machine.resume(.memory, bodyBytes: bytes, now: server.now) {
            server.turn { resumeParsing() }
        }
        settle()
    }

    /// Moves a body that outgrows its memory into memory of another one, or into more.
    private func makeRoom() {
        let shelf = server.shared.bodyShelf
        guard let wanted = parser.roomWanted(readBytes: EventLoop.readBytesMax),
            let room = shelf.take(wanted)
        else { return }
        shelf.give(parser.moveBody(into: room), at: server.loop.now)
    }

    /// Has the rest of a long body put where the body lies, without going through the read buffer.
    ///
    /// No more than a share at once, so that other connections get their turn.
    func gatherMore() {
        var left = Self.gatheredAtOnceMax
        while left > 0, stream.hasMore, machine.isParsing, !machine.keepsBytes {
            let came = parser.gather(upTo: left) { body, bytesMax in
                _ = stream.directRead(into: &body, upTo: bytesMax)
            }
            guard came > 0 else { return }
            left -= came
            let nothing: [UInt8] = []
            nothing.withRawSpan { parse($0) }
        }
    }

    /// Bytes of a body that are taken at once.
    private static var gatheredAtOnceMax: Int { 1 << 20 }

    /// Makes a body last beyond its handler's call.
    func keep(_ body: RawSpan) -> KeptBody {
        guard let gathered = parser.takeBody() else { return KeptBody(body.copied, shelf: nil) }
        return KeptBody(gathered, shelf: server.shared.bodyShelf)
    }

    /// Puts the memory of a large body by, before the parser lets go of it.
    func shelveBody() {
        guard parser.bodyCapacity >= BodyBufferPool.pieceBytesMin, let body = parser.takeBody()
        else {
            return
        }
        server.shared.bodyShelf.give(body, at: server.loop.now)
    }

    /// Gives the body's memory back.
    func giveBodyMemory() {
        guard let id = bodyClaim else { return }
        bodyClaim = nil
        bodyMemoryTaken = 0
        server.shared.bodyMemory.leave(id)
    }
}

/// What a connection knows of how its client reads.
struct UnreadAnswers {
    /// Its number among those with unread answers; nil while the client keeps up.
    var id: AnswerMemory.ID?
    /// What was told last, in blocks.
    fileprivate var blocks = 0
    /// Whether there were as many unread answers as there may be, over all connections.
    fileprivate var isTight = false
    /// Bytes that the kernel had not taken when that was last told.
    fileprivate var untaken = 0

    /// Changes smaller than this are not told.
    fileprivate static let blockBytes = 4 << 10
}

/// Answers that the client has not read: those that wait for the kernel, and those that wait for their turn.
extension HTTP1Connection {
    /// Lets reading rest while too much is not read, and go on when it is; a tick tells of progress and asks anew.
    func weighAnswers(isTick: Bool = false) {
        let bytes = queuedBytes + heldBytes
        if bytes == 0, unread.id == nil, !machine.pauses.contains(.unsent) { return }
        guard machine.reading != .closed else { return }
        weigh(bytes, isTick: isTick)
    }

    private func weigh(_ bytes: Int, isTick: Bool) {
        tell(bytes, isTick: isTick)
        let max = limits.unsentBytesMax
        if bytes > max || (unread.isTight && bytes > 0) {
            guard !machine.pauses.contains(.unsent), machine.readsOn else { return }
            machine.pause(.unsent, now: server.now)
            settle()
        } else if machine.pauses.contains(.unsent), bytes <= max / 2 {
            if machine.resume(.unsent, bodyBytes: parser.bodyBytesReceived, now: server.now) {
                resumePipeline()
            }
        }
    }

    private func tell(_ bytes: Int, isTick: Bool) {
        guard bytes > 0 else { return forgetAnswers() }
        let blocks = (bytes - 1) / UnreadAnswers.blockBytes + 1
        guard blocks != unread.blocks || isTick else { return }
        let untaken = untakenBytes
        unread.isTight = server.shared.answerMemory.set(
            blocks * UnreadAnswers.blockBytes,
            for: &unread.id,
            hasProgressed: untaken < unread.untaken,
            now: server.now,
            door: door
        )
        unread.blocks = blocks
        unread.untaken = untaken
    }

    /// The client has read everything, or is gone.
    func forgetAnswers() {
        if let id = unread.id { server.shared.answerMemory.leave(id) }
        unread = UnreadAnswers()
    }
}

/// Answers in pieces.
extension HTTP1Connection {
    /// Begins an answer in pieces.
    func beginDetachedStream(_ ticket: ResponseToken, _ response: Response, _ link: StreamLink) {
        let delivery = machine.answered(ticket.sequence)
        guard delivery != .never else { return link.connectionDidClose() }
        let pieces: ResponseWriter.Pieces = ticket.line.version == .http11 ? .chunked : .untilClose
        if case .untilClose = pieces { machine.endsAfter(ticket.sequence) }
        var bytes: [UInt8] = []
        appendHead(response, line(ticket), to: &bytes)
        server.writer.endInPieces(pieces, to: &bytes)
        streams.append(OpenStream(ticket: ticket, pieces: pieces, link: link))
        if hasEnded { link.clientDidFinish() }
        put(ticket, bytes, isWhole: ticket.line.isHead)
        settle()
    }

    /// Sends a piece; a client that does not read is cut off.
    func streamWrite(_ ticket: ResponseToken, _ bytes: [UInt8]) {
        guard let stream = streams.first(where: { $0.ticket.sequence == ticket.sequence }) else {
            return
        }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 16)
        server.writer.piece(bytes.span, stream.pieces, to: &out)
        put(ticket, out, isWhole: false)
        if queuedBytes(of: ticket) > limits.unsentBytesMax { close() }
    }

    /// How many bytes of a stream wait for the client.
    func queuedBytes(of ticket: ResponseToken) -> Int {
        queuedBytes + (held.first { $0.sequence == ticket.sequence }?.bytes.count ?? 0)
    }

    /// Ends an answer in pieces.
    func streamFinish(_ ticket: ResponseToken) {
        guard let index = streams.firstIndex(where: { $0.ticket.sequence == ticket.sequence })
        else { return }
        let stream = streams.remove(at: index)
        if ticket.line.isHead { return }
        var out: [UInt8] = []
        server.writer.endPieces(stream.pieces, to: &out)
        put(ticket, out, isWhole: true)
        settle()
    }

    /// Sends a part of an answer, or holds it until its turn.
    private func put(_ ticket: ResponseToken, _ bytes: [UInt8], isWhole: Bool) {
        switch machine.answered(ticket.sequence) {
        case .never: return
        case .now:
            server.cork(self)
            server.append(bytes)
            if isWhole { answerWritten() }
        case .later:
            guard let index = held.firstIndex(where: { $0.sequence == ticket.sequence }) else {
                hold(HeldAnswer(sequence: ticket.sequence, bytes: bytes, isWhole: isWhole))
                return
            }
            held[index].bytes += bytes
            held[index].isWhole = isWhole
            heldBytes += bytes.count
            weighAnswers()
        }
    }
}
