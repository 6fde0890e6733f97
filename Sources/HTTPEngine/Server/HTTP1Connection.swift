internal import HTTPWire
internal import Loops
internal import Primitives

/// One connection: the I/O round its machine and parser.
///
/// It lives on its loop. The machine says what comes next; here it is done: bytes are parsed, requests are routed and
/// handed to the site's handler, answers are put in order and written.
final class HTTP1Connection: ByteStreamDelegate, ServedConnection {
    /// An answer, or a part of a stream, that waits for its turn.
    struct HeldAnswer {
        let sequence: UInt64
        var bytes: [UInt8]
        /// False for a stream that goes on.
        var isWhole: Bool
    }

    /// A complete request that waits for a place.
    struct QueuedRequest {
        let ticket: Ticket
        let number: UInt64
        let route: Int
    }

    /// The request whose handler runs.
    struct CurrentRequest {
        let sequence: UInt64
        /// The places, where the request has one.
        let admission: Admission?
    }

    /// An answer that is sent in pieces.
    struct OpenStream {
        let ticket: Ticket
        let pieces: ResponseWriter.Pieces
        let link: StreamLink
    }

    /// Where the connection is found on its loop.
    let id: ConnectionID
    /// The site it came to.
    let site: SiteLoop
    /// Whether it counts against the site's bound; one that does not is refused.
    let isCounted: Bool
    let server: ServerLoop
    /// The bytes, in and out; for what is asked often see ``queuedBytes`` and ``settle()``.
    let stream: any ByteStream
    let parser: RequestParser
    var machine: ConnectionMachine
    /// What was read and waits to be parsed while parsing rests; nothing is read before it is.
    var kept: KeptBytes?
    /// Answers that wait for their turn; few, in no order.
    var held: [HeldAnswer] = []
    var streams: [OpenStream] = []
    var queued: QueuedRequest?
    var current: CurrentRequest?
    /// The route of the request that comes in.
    var route = 0
    /// The route of the latest head, where nothing spoke against its request: what a head that repeats it comes to.
    var knownRoute: Int?
    /// Whether the request that comes in is for the path of a route.
    var isRouted = false
    /// What the request that comes in will be answered, once its body is passed over.
    var verdict: Verdict?
    /// Whether the client waits for `100 Continue` until answers before it are given.
    var owesContinuation = false
    /// The number of the body that comes in, once it has asked for memory.
    var bodyClaim: BodyMemory.ID?
    /// Memory that the body has, in bytes.
    var bodyMemoryTaken = 0
    /// Memory that the body asked for last, in bytes.
    var bodyMemoryWanted = 0
    /// Bytes of answers that wait for their turn.
    var heldBytes = 0
    /// What is known of the client's reading.
    var unread = UnreadAnswers()
    /// Whether the client has said that it sends no more.
    private(set) var hasEnded = false
    private var isShutDownDue = false
    /// What the stream was told last: whether to read.
    private var isStreamRead = false
    /// Whether the stream may hold bytes that are not sent yet.
    private var holdsUnsent = false

    /// Makes a connection; call ``open()`` once it can be found.
    init(
        stream: any ByteStream,
        server: ServerLoop,
        site: SiteLoop,
        isCounted: Bool,
        id: ConnectionID
    ) {
        self.id = id
        self.site = site
        self.isCounted = isCounted
        self.server = server
        self.stream = stream
        parser = RequestParser(limits: site.shared.site.limits.wire)
        machine = ConnectionMachine(limits: site.shared.site.limits, now: server.now)
        stream.delegate = self
    }

    /// The bounds.
    var limits: ServerLimits { site.shared.site.limits }
    /// The other side's address.
    var peerAddress: String { stream.peerAddress }
    /// The port of ours.
    var localPort: Int { Int(stream.localPort) }
    /// Memory of what is not sent yet, in bytes; the stream is asked only where it may have some.
    var queuedBytes: Int { holdsUnsent ? stream.queuedBytes : 0 }
    /// Bytes that are not sent yet.
    var untakenBytes: Int { holdsUnsent ? stream.untakenBytes : 0 }
    /// The way here from other threads.
    var door: ConnectionDoor { server.door(to: id) }

    /// Begins to read, or refuses where the site is full.
    func open() {
        if !isCounted {
            refuse(
                Problem(
                    status: 503,
                    code: .overloaded,
                    detail: "There are too many connections.",
                    retryAfterSeconds: 1
                )
            )
        }
        settle()
    }

    // MARK: What the stream says

    func onBytes(_ bytes: RawSpan) {
        server.turn {
            switch machine.bytesArrived(bytes.byteCount, now: server.now) {
            case .discard: break
            case .close: close()
            case .parse where machine.keepsBytes:
                // Reading rests while bytes are kept, so this is not met; the order holds all the same.
                kept?.append(bytes)
            case .parse:
                parse(bytes)
                // The usual read ends with its request.
                if !parser.isBetweenMessages { gatherMore() }
            }
        }
        settle()
    }

    func onEnd() {
        hasEnded = true
        // A client that sends no more may still read: answers that are due, streams among them, go on. One that is gone
        // is found out by what is sent to it.
        if machine.streamEnded() { return closeGently() }
        // A body that is cut off needs no memory any more.
        giveBodyMemory()
        for stream in streams { stream.link.clientDidFinish() }
    }

    func onDrained() {
        holdsUnsent = false
        weighAnswers()
        if isShutDownDue { linger() }
        settle()
    }

    func onClosed(_ error: LoopError?) {
        machine.closed()
        giveBodyMemory()
        forgetAnswers()
        if let queued, let admission = site.shared.admission {
            // Where the place was given meanwhile, its message finds nobody here and gives it back.
            _ = admission.leave(queued.number)
        }
        queued = nil
        let open = streams
        streams = []
        held = []
        heldBytes = 0
        kept = nil
        server.forget(self)
        for stream in open { stream.link.connectionDidClose() }
    }

    // MARK: What the server says

    /// Time has passed.
    func tick(_ now: Instant) {
        weighAnswers(isTick: true)
        let demand = machine.tick(
            now: now,
            bodyBytes: parser.bodyBytesReceived,
            unsent: untakenBytes,
            queueTimeout: site.shared.site.admission.queueTimeout
        )
        switch demand {
        case .nothing: return
        case .close: close()
        case .refuseHead: refuse(Self.slow("The request's head came in too slowly."))
        case .refuseBody: refuse(Self.slow("The request's body came in too slowly."))
        case .refuseMemory: refuse(Self.overloaded("There is no memory for more bodies."))
        case .refuseQueued: leaveQueue()
        }
        settle()
    }

    /// The server goes down: what is under way ends, and a request that still comes is answered.
    func drain() {
        machine.drain()
    }

    /// Whether nothing is under way.
    var isIdle: Bool { machine.isIdle }

    /// Ends the connection where nothing is under way: our side is shut, and what the client sends meanwhile is thrown away, so
    /// that it sees an end and not a reset.
    func endIdle() {
        guard machine.endsIdle() else { return }
        shutDownAfterFlush()
    }

    /// Closes once the answers that are given are with the kernel.
    private func closeGently() {
        server.flush()
        machine.closed()
        stream.closeWhenDrained()
    }

    /// Closes because the client is the slowest of those that do not read.
    func cutOff() {
        server.shared.log(
            .warning,
            "A connection was closed: its client does not read, and unread answers take up server.max_answer_memory",
            [.init("site", site.shared.site.name), .init("peer", peerAddress)]
        )
        close()
    }

    /// Closes at once.
    func close() {
        machine.closed()
        stream.close()
    }

    // MARK: What the server's buffer asks for

    /// Sends what the loop's buffer held for this connection.
    func send(_ bytes: [UInt8]) {
        holdsUnsent = stream.write(bytes) > 0
    }

    /// The buffer is with the socket.
    func didFlush() {
        weighAnswers()
        guard isShutDownDue else { return }
        stream.shutdown()
        if queuedBytes == 0 { linger() }
        settle()
    }

    /// Everything is with the kernel: what still comes is thrown away for a while; where nothing can come any more, it is over.
    private func linger() {
        if hasEnded { return close() }
        machine.lingers(now: server.now)
    }

    /// The last answer is written: our side is shut once it is with the socket.
    func shutDownAfterFlush() {
        isShutDownDue = true
        // Answers behind the last one are never given.
        held = []
        heldBytes = 0
        server.cork(self)
    }

    /// Makes the stream do what the machine says.
    func settle() {
        let isReading = machine.isReading
        guard isReading != isStreamRead else { return }
        isStreamRead = isReading
        stream.setReading(isReading)
    }

    private static func slow(_ detail: String) -> Problem {
        Problem(status: 408, code: .requestTimeout, detail: detail)
    }

    /// The problem of a bound that is met, which may be over in a second.
    static func overloaded(_ detail: String) -> Problem {
        Problem(status: 503, code: .overloaded, detail: detail, retryAfterSeconds: 1)
    }
}

@available(*, unavailable)
extension HTTP1Connection: Sendable {}
