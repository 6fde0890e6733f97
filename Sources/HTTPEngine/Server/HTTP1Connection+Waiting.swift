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
        guard parser.bodyCapacity >= BodyShelf.pieceBytesMin, let body = parser.takeBody() else {
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
