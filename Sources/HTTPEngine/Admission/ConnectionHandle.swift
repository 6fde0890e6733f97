internal import Loops

/// Which connection of a loop: its slot, and how often the slot was used before.
struct ConnectionID: Sendable, Hashable {
    let slot: Int
    let generation: UInt64
}

/// The way to a connection from any thread; what goes through it is done on the connection's loop, in order.
///
/// A connection that is gone makes nothing of it.
struct ConnectionHandle: Sendable {
    private let server: LoopBound<ServerLoop>
    private let id: ConnectionID

    init(server: LoopBound<ServerLoop>, id: ConnectionID) {
        self.server = server
        self.id = id
    }

    /// Gives an answer.
    func answer(_ ticket: ResponseToken, _ response: Response) {
        reach { $0.answerDetached(ticket, response) }
    }

    /// Gives a JSON answer on the connection's own loop.
    func answerFast(_ ticket: ResponseToken, status: Int, body: Span<UInt8>, on loop: EventLoop) {
        server.get(on: loop).connection(id)?.answerFastDetached(ticket, status: status, body: body)
    }

    /// Gives a problem as the answer.
    func answer(_ ticket: ResponseToken, _ problem: Problem) {
        reach { $0.answerDetached(ticket, problem) }
    }

    /// Says that the answer was let go.
    func forgotten(_ ticket: ResponseToken) {
        reach { $0.answerForgotten(ticket) }
    }

    /// Begins an answer in pieces.
    func stream(_ ticket: ResponseToken, _ response: Response) -> ResponseStream {
        let stream = ResponseStream(door: self, ticket: ticket)
        // Weak, or a stream that its owner lets go would never be finished.
        let link = StreamLink(stream)
        let server = server
        let id = id
        let isPosted = server.port.post { loop in
            guard let connection = server.get(on: loop).connection(id) else {
                link.connectionDidClose()
                return
            }
            connection.beginDetachedStream(ticket, response, link)
        }
        if !isPosted { stream.connectionDidClose() }
        return stream
    }

    /// Sends a piece.
    func write(_ ticket: ResponseToken, _ bytes: [UInt8]) {
        reach { $0.streamWrite(ticket, bytes) }
    }

    /// Sends a piece, where it is not empty, and tells how many bytes wait for the client then.
    func offer(_ ticket: ResponseToken, _ bytes: [UInt8], told: @escaping @Sendable (Int) -> Void) {
        reach {
            if !bytes.isEmpty { $0.streamWrite(ticket, bytes) }
            told($0.queuedBytes(of: ticket))
        }
    }

    /// Ends an answer in pieces.
    func finish(_ ticket: ResponseToken) {
        reach { $0.streamFinish(ticket) }
    }

    /// Tells a queued request that it has a place; one that is gone gives it back.
    ///
    /// - Returns: False when the loop is stopped, so that nobody will give the place back.
    func placed(_ sequence: UInt64, by admission: Admission) -> Bool {
        let server = server
        let id = id
        return server.port.post { loop in
            let isTaken = server.get(on: loop).connection(id)?.takePlace(sequence) ?? false
            if !isTaken { admission.giveBack() }
        }
    }

    /// Tells a body that waits whether it has its memory, or has to give up what it has.
    func bodyMemory(_ id: BodyMemory.ID, isGranted: Bool) {
        reach { $0.bodyMemoryDecided(id, isGranted: isGranted) }
    }

    /// Closes the connection, whose client is the slowest of those that do not read.
    func cutOff() {
        reach { $0.cutOff() }
    }

    private func reach(_ act: @escaping @Sendable (any ServedConnection) -> Void) {
        let server = server
        let id = id
        server.port.post { loop in
            guard let connection = server.get(on: loop).connection(id) else { return }
            act(connection)
        }
    }
}
