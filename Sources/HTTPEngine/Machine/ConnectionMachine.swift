internal import Primitives

/// What a connection does next: a pure value, without bytes, sockets or a clock of its own.
///
/// Two sides run beside each other. The reading side is in one of the ``Reading`` states and may be paused for several
/// reasons at once. The answering side counts: requests get numbers when their last byte (or their refusal) is there, and
/// answers leave in that order.
struct ConnectionMachine: Sendable {
    /// Where the reading side is.
    enum Reading: Sendable, Equatable {
        /// The stream is not ready. Goes to `idle` when it is, to `closed` where it fails or takes too long.
        case handshaking
        /// Between two requests. Goes to `head` with the next byte, to `done` at the end of the stream or a drain.
        case idle
        /// A head is coming in. Goes to `body`, to `idle`, or to `done` when it is refused.
        case head
        /// A body is coming in. Goes to `idle`, or to `done` when it is refused or the last of the connection.
        case body
        /// No request is read any more. Goes to `lingering` when the last answer is with the kernel.
        case done
        /// The answers are given and our side is shut; what still comes is thrown away. Goes to `closed`.
        case lingering
        /// The connection is to be closed, or is.
        case closed
    }

    /// Why reading rests.
    struct Pauses: OptionSet, Sendable {
        let rawValue: UInt8
        /// The latest request waits for a place.
        static let queued = Pauses(rawValue: 1)
        /// Too many requests are not answered yet.
        static let pipelined = Pauses(rawValue: 2)
        /// The client does not take its answers.
        static let unsent = Pauses(rawValue: 4)
        /// There is no memory for bodies.
        static let memory = Pauses(rawValue: 8)
    }

    private(set) var reading: Reading
    private(set) var pauses: Pauses = []
    /// The number of the next request.
    private(set) var nextSequence: UInt64 = 0
    /// The number whose answer leaves next.
    private(set) var dueSequence: UInt64 = 0
    /// The number after whose answer the connection closes.
    private(set) var lastSequence: UInt64?
    private(set) var isDraining = false
    /// Whether bytes that were read wait to be parsed: nothing is read before they are.
    private(set) var keepsBytes = false
    private let limits: ServerLimits
    private var since: Instant
    private var pace = BodyPace()
    private var pausedSince: Instant
    private var unsentBytes = 0
    private var unsentSince: Instant
    private var lingerBytesLeft: Int

    /// Begins a connection; one whose stream is not ready begins with its handshake.
    init(limits: ServerLimits, isReady: Bool = true, now: Instant) {
        self.limits = limits
        reading = isReady ? .idle : .handshaking
        since = now
        pausedSince = now
        unsentSince = now
        lingerBytesLeft = limits.lingerBytesMax
    }

    /// How many requests are not answered yet.
    var openCount: UInt64 { nextSequence - dueSequence }

    /// Whether bytes are to be turned into requests.
    var isParsing: Bool {
        switch reading {
        case .idle, .head, .body: pauses.isEmpty
        case .handshaking, .done, .lingering, .closed: false
        }
    }

    /// Whether further requests may come.
    var readsOn: Bool {
        switch reading {
        case .idle, .head, .body: true
        case .handshaking, .done, .lingering, .closed: false
        }
    }

    /// Whether bytes are to be taken from the socket.
    var isReading: Bool {
        switch reading {
        // The stream reads for its handshake.
        case .handshaking: true
        case .idle, .head, .body: pauses.isEmpty && !keepsBytes
        // Also while answers are still due: the end of the stream must be heard of.
        case .done, .lingering: lingerBytesLeft > 0
        case .closed: false
        }
    }

}

// MARK: - The reading side

extension ConnectionMachine {
    /// What to do with bytes that came.
    enum Arrival: Sendable, Equatable {
        case parse, discard, close
    }

    /// The stream is ready.
    mutating func handshakeEnded(now: Instant) {
        guard reading == .handshaking else { return }
        reading = .idle
        since = now
    }

    /// Bytes have come.
    mutating func bytesArrived(_ count: Int, now: Instant) -> Arrival {
        switch reading {
        case .handshaking:
            // No stream delivers any before it is ready.
            reading = .closed
            return .close
        case .idle:
            return .parse
        case .head, .body:
            return .parse
        case .done, .lingering:
            lingerBytesLeft -= min(count, lingerBytesLeft)
            guard lingerBytesLeft == 0 else { return .discard }
            guard reading == .lingering else { return .discard }
            reading = .closed
            return .close
        case .closed:
            return .discard
        }
    }

    /// The first byte of a request is there.
    mutating func headBegan(now: Instant) {
        guard reading == .idle else { return }
        reading = .head
        since = now
    }

    /// A head is complete and its body is to come.
    mutating func bodyBegan(now: Instant) {
        reading = .body
        since = now
        pace.begin(0, at: now)
    }

    /// A request is complete; gives its number.
    ///
    /// `isKeptAlive` says whether the client lets the connection live on.
    mutating func requestEnded(isKeptAlive: Bool, now: Instant) -> UInt64 {
        let sequence = nextSequence
        nextSequence += 1
        since = now
        // In a drain too: what the client has sent already is still answered, and the last of it ends the connection.
        if isKeptAlive {
            reading = .idle
        } else {
            reading = .done
            lastSequence = sequence
        }
        if openCount >= UInt64(limits.pipelinedMax) { pauses.insert(.pipelined) }
        return sequence
    }

    /// A request is refused before it is complete: its answer is the last of the connection.
    ///
    /// - Returns: The request's number.
    mutating func requestRefused(now: Instant) -> UInt64 {
        let sequence = nextSequence
        nextSequence += 1
        since = now
        reading = .done
        lastSequence = sequence
        pauses = []
        return sequence
    }

    /// Bytes that were read are kept, because parsing rests, or are about to be parsed now.
    ///
    /// Until they are, the socket is not read: what it has comes behind them, and so does its end.
    mutating func keepBytes(_ isKept: Bool) {
        keepsBytes = isKept
    }

    /// Lets reading rest.
    mutating func pause(_ reason: Pauses, now: Instant) {
        pausedSince = now
        pauses.insert(reason)
    }

    /// Ends a rest; the clocks of the sender begin anew, because it was not the sender who was slow.
    ///
    /// - Parameters:
    ///   - reason: What is over.
    ///   - bodyBytes: Body bytes that have come in for the present request.
    ///   - now: The time.
    /// - Returns: Whether reading goes on now.
    mutating func resume(_ reason: Pauses, bodyBytes: Int, now: Instant) -> Bool {
        guard pauses.contains(reason) else { return false }
        pauses.remove(reason)
        guard pauses.isEmpty else { return false }
        since = now
        pace.begin(bodyBytes, at: now)
        return true
    }

    /// The client will send no more.
    ///
    /// - Returns: True when the connection is to be closed now; otherwise the answers that are due go out first.
    mutating func streamEnded() -> Bool {
        switch reading {
        case .idle, .head, .body:
            // A request that is cut off gets no answer; those before it do.
            guard openCount > 0 else {
                reading = .closed
                return true
            }
            reading = .done
            lastSequence = nextSequence - 1
            pauses.remove(.memory)
            return false
        case .done:
            return false
        case .handshaking, .lingering, .closed:
            reading = .closed
            return true
        }
    }

    /// The server goes down: the next answer that nothing follows is the connection's last.
    mutating func drain() {
        isDraining = true
    }

    /// Whether nothing is under way: a server that goes down need not wait for it.
    var isIdle: Bool {
        guard reading != .handshaking else { return true }
        return reading == .idle && openCount == 0 && !keepsBytes && unsentBytes == 0
    }

    /// A connection that is idle while the server goes down has waited long enough for another request.
    ///
    /// - Returns: True when our side is to be shut: what comes now is not answered.
    mutating func endsIdle() -> Bool {
        guard isDraining, reading == .idle, isIdle else { return false }
        reading = .done
        return true
    }

    /// The connection is closed, by whomever.
    mutating func closed() {
        reading = .closed
    }
}

// MARK: - The answering side

extension ConnectionMachine {
    /// When an answer leaves.
    enum Delivery: Sendable, Equatable {
        /// Now.
        case now
        /// After answers that are due before it.
        case later
        /// Never: it was given before, or the connection is gone.
        case never
    }

    /// What follows an answer.
    enum Sequel: Sendable, Equatable {
        /// The next answer is due, as soon as it is given.
        case next
        /// Nothing more is answered: shut our side.
        case shutDown
    }

    /// An answer is given, or begun.
    func answered(_ sequence: UInt64) -> Delivery {
        guard reading != .closed, sequence >= dueSequence, sequence < nextSequence,
            sequence <= lastSequence ?? sequence
        else { return .never }
        return sequence == dueSequence ? .now : .later
    }

    /// The due answer is written whole.
    mutating func answerWritten(now: Instant) -> Sequel {
        dueSequence += 1
        if openCount == 0 { since = now }
        if dueSequence - 1 == lastSequence {
            reading = .done
            return .shutDown
        }
        return .next
    }

    /// Whether reading goes on because enough requests are answered; asked after answers are written.
    mutating func shouldResumePipeline(now: Instant) -> Bool {
        guard pauses.contains(.pipelined), openCount <= UInt64(limits.pipelinedMax / 2) else {
            return false
        }
        return resume(.pipelined, bodyBytes: 0, now: now)
    }

    /// Whether the connection lives on after an answer; asked when the answer is written.
    ///
    /// In a drain the answer to the latest request becomes the connection's last.
    mutating func livesOn(after sequence: UInt64) -> Bool {
        if let lastSequence { return sequence < lastSequence }
        guard isDraining, reading == .idle, !keepsBytes, sequence + 1 == nextSequence else {
            return true
        }
        lastSequence = sequence
        reading = .done
        return false
    }

    /// An answer is begun that only the connection's end can end.
    ///
    /// Requests that were read ahead are not answered any more.
    mutating func endsAfter(_ sequence: UInt64) {
        lastSequence = min(sequence, lastSequence ?? sequence)
        reading = .done
        pauses = []
    }

    /// Our side is shut and everything is with the kernel: what comes now is thrown away for a while.
    mutating func lingers(now: Instant) {
        guard reading == .done else { return }
        reading = .lingering
        since = now
    }
}

// MARK: - Time

extension ConnectionMachine {
    /// What the clock demands.
    enum Demand: Sendable, Equatable {
        case nothing
        /// The head took too long: 408.
        case refuseHead
        /// The body comes in too slowly: 408.
        case refuseBody
        /// There was no memory for the body for too long: 503.
        case refuseMemory
        /// The request waited for a place for too long: 503, where it has none yet.
        case refuseQueued
        /// Close without a word.
        case close
    }

    /// Time has passed.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - bodyBytes: Body bytes that have come in for the present request.
    ///   - unsent: Bytes of answers that the kernel has not taken.
    ///   - queueTimeout: How long a request may wait for a place.
    /// - Returns: What is to be done; at most one thing a tick.
    mutating func tick(
        now: Instant,
        bodyBytes: Int,
        unsent: Int,
        queueTimeout: Nanoseconds
    ) -> Demand {
        if isStuck(unsent, now) {
            reading = .closed
            return .close
        }
        if pauses.contains(.queued) {
            return now.since(pausedSince) >= queueTimeout ? .refuseQueued : .nothing
        }
        if pauses.contains(.memory) {
            return now.since(pausedSince) >= limits.bodyMemoryWait ? .refuseMemory : .nothing
        }
        guard pauses.isEmpty else { return .nothing }
        switch reading {
        case .handshaking: return closeIf(now.since(since) >= limits.handshakeTimeout)
        case .idle:
            // While it reads its answers the client is not idle.
            if unsent > 0 { since = now }
            return closeIf(openCount == 0 && now.since(since) >= limits.idleTimeout)
        case .head: return now.since(since) >= limits.headTimeout ? .refuseHead : .nothing
        case .body: return isTooSlow(bodyBytes, now) ? .refuseBody : .nothing
        case .lingering: return closeIf(now.since(since) >= limits.lingerTime)
        case .done, .closed: return .nothing
        }
    }

    private mutating func closeIf(_ isOver: Bool) -> Demand {
        guard isOver else { return .nothing }
        reading = .closed
        return .close
    }

    /// Whether less of the body came than the minimum rate asks for, in the latest stretch as long as the grace.
    private mutating func isTooSlow(_ bodyBytes: Int, _ now: Instant) -> Bool {
        guard let latest = pace.latest(bodyBytes, at: now, window: limits.bodyGrace) else {
            return false
        }
        let wanted = Double(limits.bodyBytesPerSecondMin) * Double(latest.time.count) / 1e9
        return Double(latest.bytes) < wanted
    }

    /// Whether the client has taken nothing of its answers for too long.
    private mutating func isStuck(_ unsent: Int, _ now: Instant) -> Bool {
        if unsent == 0 || unsent < unsentBytes || unsentBytes == 0 { unsentSince = now }
        unsentBytes = unsent
        return unsent > 0 && now.since(unsentSince) >= limits.sendTimeout
    }
}
