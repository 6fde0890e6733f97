internal import HTTPWire
internal import Loops
internal import Primitives

// The life of a connection
// ------------------------
//
// A connection is one value of ConnectionMachine, one RequestParser and one ByteStream, and the code here that makes
// the three do what the first says. The machine knows no bytes, the parser no time and no sockets, the stream no
// HTTP. All of it lives on one loop; other threads come in through a ConnectionHandle only.
//
//     accept ──► handshaking ──► idle ◄──────────────────────────┐
//                    │            │ first byte of a request      │
//                    │            ▼                              │
//                    │           head ──► body ──► the request is whole: it has a number
//                    │            │        │                     │
//     too slow,      │            │        │ refused, too slow,  │ the last one: no keep-alive,
//     failed, full   │            ▼        ▼ cut off             ▼ end of the stream, drain
//                    │           done ◄──────────────────────────┘
//                    │            │ the last answer is sent, our side is shut
//                    ▼            ▼
//                  closed ◄── lingering          (any state goes to closed when the stream does)
//
// Reading and answering run beside each other. The states above are the reading side's. The answering side has two
// counters: the number of the next request and the number whose answer is due. A request gets its number with its
// last byte, or when it is refused; answers leave in the order of the numbers, in whatever order handlers give them.
// What is given too early waits in `held`.
//
// From bytes to a handler's call, within one `onBytes`:
//
//  1. The machine is asked whether to parse. Bytes that may not be parsed now are `kept`, and the stream is not read
//     before they are: what it has comes behind them, and so does its end. Nothing is copied on the usual way.
//  2. The parser reads a head. A head that is, byte by byte, the one before is not read again, and `knownRoute` says
//     what it came to.
//  3. `judge` finds the site (where an address has several), the route, and what speaks against the request by its
//     head alone: no such path or method, a body that is too long, coded, or of another type. The answer to that is a
//     `EarlyResponse`: it is written when the request's turn comes, behind a body that is short enough to be passed over;
//     any other body ends the connection.
//  4. The gates of site and route are asked, for each request anew, also where the head is known: they may count or
//     look at the clock. Their refusal is a verdict too, and comes before the others: who may not ask is not told
//     what was wrong.
//  5. The body comes in. The first piece stays where it was read; more are gathered in the parser's memory, which is
//     granted by BodyMemory when there is some. Who waits for `100 Continue` gets it where nothing of the above
//     refuses the request, and behind the answers before it.
//  6. The request is whole. Where the site bounds what is processed, it takes a place or stands in the queue
//     (`queued`); then its route's handler is called, once. The handler answers, detaches its exchange, or begins a
//     stream; one that does none of them is answered 500.
//
// From an answer to bytes:
//
//  1. `machine.answered` says now, later or never. Now: it is written into the loop's one output buffer, which the
//     connection has corked; the buffer goes to the stream once, at the end of the turn or when another connection
//     corks it.
//  2. What the stream could not send counts against the client, together with the answers that wait for their turn:
//     beyond the bound reading rests (`unsent`), a stream that is written to is cut off, and of all connections the
//     one whose client has taken nothing for longest is closed (AnswerMemory).
//  3. Behind the last answer our side is shut, and what the client still sends is thrown away for a while, so that it
//     reads the answer and not a reset.
//
// Reading rests for a reason (ConnectionMachine.Pauses): a request waits for a place, too many are not answered, the
// client does not take its answers, or a body has no memory. While it rests the clocks of the sender stand still: it
// is not the sender who is slow.
//
// Who owns what: the loop's table owns the connection, and the stream holds it as its delegate until it has closed.
// The connection owns parser, machine, kept bytes and held answers, and its claims on shared things (a place, memory
// for a body, its share of unread answers), each of which is given back in `onClosed` at the latest. A
// PendingExchange and a ResponseStream own nothing here: they hold a door, and find nobody when the connection is
// gone. The handlers belong to the site's part on the loop.
//
// A stream that is not ready, because its handshake is under way, is a connection like any other with regard to the
// site's bound, but has a bound and a clock of its own; one that would be over a bound is closed without a handshake,
// since it can be told nothing before that. The handshake itself is the stream's affair: the connection hears
// `onReady` or `onClosed`.
//
// What this is not: it writes no bytes of HTTP (ResponseWriter does), reads none (RequestParser), knows no key, run
// or endpoint, and speaks one version. HTTP/2 is another ServedConnection over the same stream, with the same sites,
// gates, handlers and exchanges. Trailers are read and dropped, upgrades are not spoken, and a request's body is
// given to its handler whole or not at all.

/// One connection that speaks HTTP/1: the I/O around its machine and parser.
///
/// It lives on its loop. The machine says what comes next; here it is done: bytes are parsed, requests are routed and
/// handed to their route's handler, answers are put in order and written.
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
        let ticket: ResponseToken
        let number: UInt64
        let site: SiteLoop
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
        let ticket: ResponseToken
        let pieces: ResponseWriter.Pieces
        let link: StreamLink
    }

    let id: ConnectionID
    let home: SiteLoop
    let isCounted: Bool
    let server: ServerLoop
    /// The sites of the address; nil where every request is for ``home``.
    let sites: SiteTable?
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
    /// The site of the request that comes in; ``home`` before that is known.
    var site: SiteLoop
    /// The route of the request that comes in.
    var route = 0
    /// The route of the latest head, where nothing spoke against its request: what a head that repeats it comes to.
    var knownRoute: Int?
    /// The site of that route.
    var knownSite: SiteLoop
    /// Whether the request that comes in is for the path of a route.
    var isRouted = false
    /// The id of the request that comes in, where a gate has seen it already.
    var gatedID: UUIDv7?
    /// Who sent the request whose handler runs, where something has verified it.
    var sender: String?
    /// What the request that comes in will be answered, once its body is passed over.
    var verdict: EarlyResponse?
    /// Whether the client waits for `100 Continue` until answers before it are given.
    var needsContinue = false
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
    /// Whether the last answer is written, perhaps only into the loop's buffer: our side is shut behind it.
    private var isShutDownDue = false
    /// Whether our side is shut, behind all that is queued.
    private var isShutDown = false
    /// What the stream was told last: whether to read.
    private var isStreamRead = false
    /// Whether the stream may hold bytes that are not sent yet.
    private var holdsUnsent = false
    /// Whether it counts among the handshakes of its site.
    private var countsAsHandshake: Bool
    private var knownFacts: ConnectionFacts?

    /// Makes a connection; call ``open()`` once it can be found.
    ///
    /// One whose stream is not ready has entered the count of its site's handshakes.
    init(
        stream: any ByteStream,
        server: ServerLoop,
        sites: SiteTable?,
        home: SiteLoop,
        isCounted: Bool,
        id: ConnectionID
    ) {
        self.id = id
        self.home = home
        self.isCounted = isCounted
        self.server = server
        self.sites = sites
        self.stream = stream
        site = home
        knownSite = home
        let limits = home.shared.site.limits
        parser = RequestParser(limits: limits.wire)
        countsAsHandshake = !stream.isReady
        machine = ConnectionMachine(limits: limits, isReady: !countsAsHandshake, now: server.now)
        stream.delegate = self
    }

    /// The bounds.
    var limits: ServerLimits { home.shared.site.limits }
    /// Memory of what is not sent yet, in bytes; the stream is asked only where it may have some.
    var queuedBytes: Int { holdsUnsent ? stream.queuedBytes : 0 }
    /// Bytes that are not sent yet.
    var untakenBytes: Int { holdsUnsent ? stream.untakenBytes : 0 }
    /// The way here from other threads.
    var door: ConnectionHandle { server.door(to: id) }

    var facts: ConnectionFacts {
        if let knownFacts { return knownFacts }
        let made = ConnectionFacts(stream)
        knownFacts = made
        return made
    }

    /// Begins to read, or refuses where the site is full.
    func open() {
        if !isCounted {
            refuse(Self.overloaded("There are too many connections."))
        }
        settle()
    }

    // MARK: What the stream says

    func onReady() {
        leaveHandshakes()
        machine.handshakeEnded(now: server.now)
        settle()
    }

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
        // Before that the last answer may still lie in the loop's buffer.
        if isShutDown { linger() }
        settle()
    }

    func onClosed(_ error: LoopError?) {
        if countsAsHandshake { tellHandshake(error) }
        leaveHandshakes()
        machine.closed()
        giveBodyMemory()
        forgetAnswers()
        if let queued, let admission = queued.site.shared.admission {
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

    private func leaveHandshakes() {
        guard countsAsHandshake else { return }
        countsAsHandshake = false
        home.shared.handshakes.leave()
    }

    private func tellHandshake(_ error: LoopError?) {
        server.shared.log(
            .debug,
            "A connection was closed before its handshake was done",
            [
                .init("site", home.shared.site.name), .init("peer", facts.peerAddress),
                .init("reason", error?.message ?? "the server closed it"),
            ]
        )
    }

    // MARK: What the server says

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

    func drain() {
        machine.drain()
    }

    var isIdle: Bool { machine.isIdle }

    /// Ends the connection where nothing is under way: our side is shut, and what the client sends meanwhile is thrown away, so
    /// that it sees an end and not a reset.
    ///
    /// One in its handshake is closed: it can be told nothing.
    func endIdle() {
        if machine.reading == .handshaking { return close() }
        guard machine.endsIdle() else { return }
        shutDownAfterFlush()
    }

    /// Closes once the answers that are given are with the kernel.
    private func closeGently() {
        server.flush()
        machine.closed()
        stream.closeWhenDrained()
    }

    func cutOff() {
        server.shared.log(
            .warning,
            "A connection was closed: its client does not read, and unread answers take up server.max_answer_memory",
            [.init("site", site.shared.site.name), .init("peer", facts.peerAddress)]
        )
        close()
    }

    func close() {
        machine.closed()
        stream.close()
    }

    // MARK: What the server's buffer asks for

    func send(_ bytes: [UInt8]) {
        holdsUnsent = stream.write(bytes) > 0
    }

    func didFlush() {
        weighAnswers()
        guard isShutDownDue else { return }
        stream.shutdown()
        isShutDown = true
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
