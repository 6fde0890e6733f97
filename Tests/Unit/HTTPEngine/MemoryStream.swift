import HTTPWire
import Loops
import Primitives
import TestKit

/// The server's end of a connection in memory: bytes come in pieces of any size, go out in parts, and a handshake may come first.
///
/// A sealed one takes `hello` before anything else, answers `welcome`, and from then on every byte of both directions is changed,
/// so that whoever read or wrote past the stream would be found out.
final class MemoryStream: ByteStream {
    let loop: EventLoop
    let localPort: UInt16 = 8443
    let peerAddress = "127.0.0.1"
    var delegate: (any ByteStreamDelegate)?
    private(set) var isReady: Bool
    private(set) var security: StreamSecurity?
    private let pipe: MemoryPipe
    private let facts: StreamSecurity
    private let isSealed: Bool
    private var greeting: [UInt8] = []
    private var queue: [UInt8] = []
    private var sizes: PieceSizes
    private var isReading = false
    private var isUp = true
    private var isShutDown = false
    private var closesWhenDrained = false
    private var hasSeenEnd = false
    private var isPumpPosted = false

    static let hello = Array("hello".utf8)
    static let welcome = Array("welcome".utf8)

    /// The other form of bytes.
    static func sealed(_ bytes: [UInt8]) -> [UInt8] { bytes.map { $0 ^ 0x5A } }

    /// Becomes the server's end of a pipe, on a loop.
    init(_ pipe: MemoryPipe, on loop: EventLoop, sealing facts: StreamSecurity?, seed: UInt64) {
        self.pipe = pipe
        self.loop = loop
        self.facts = facts ?? StreamSecurity()
        isSealed = facts != nil
        isReady = facts == nil
        sizes = PieceSizes(seed: seed)
    }

    var queuedBytes: Int { queue.count }
    var untakenBytes: Int { queue.count }
    var hasMore: Bool { false }

    func directRead(into bytes: inout [UInt8], upTo bytesMax: Int) -> Int { 0 }

    func setReading(_ isReading: Bool) {
        guard isUp, !hasSeenEnd else { return }
        self.isReading = isReading
        if isReading { wake() }
    }

    @discardableResult
    func write(_ bytes: RawSpan) -> Int {
        guard isUp, isReady, !isShutDown, !closesWhenDrained, !bytes.isEmpty else {
            return queue.count
        }
        let sent = bytes.copied
        queue += isSealed ? Self.sealed(sent) : sent
        flush(atMost: sizes.next(of: queue.count))
        if !queue.isEmpty { wake() }
        return queue.count
    }

    func shutdown() {
        guard isUp, !isShutDown, !closesWhenDrained else { return }
        isShutDown = true
        wake()
    }

    func closeWhenDrained() {
        guard isUp else { return }
        if queue.isEmpty { return close() }
        isReading = false
        closesWhenDrained = true
    }

    func close() { close(because: nil) }

    private func close(because error: LoopError?) {
        guard isUp else { return }
        isUp = false
        isReading = false
        pipe.closeServer(isReset: error != nil)
        let me = LoopBound(self, on: loop)
        loop.port.post { me.get(on: $0).didClose(error) }
    }

    private func didClose(_ error: LoopError?) {
        let last = delegate
        delegate = nil
        pipe.detach()
        last?.onClosed(error)
    }

    /// Goes on in a later step of the loop.
    private func wake() {
        guard isUp, !isPumpPosted else { return }
        isPumpPosted = true
        let me = LoopBound(self, on: loop)
        loop.port.post { me.get(on: $0).pump() }
    }

    /// Sends what waits and delivers what came, a few pieces at once.
    func pump() {
        isPumpPosted = false
        guard isUp else { return }
        if !queue.isEmpty {
            flush(atMost: queue.count)
            if isUp, queue.isEmpty { drained() }
        }
        if isUp, isShutDown, queue.isEmpty { pipe.finishServer() }
        for _ in 0..<16 {
            guard isUp, isReading else { return }
            if !deliver() { return }
        }
        wake()
    }

    private func drained() {
        if closesWhenDrained { return close() }
        delegate?.onDrained()
    }

    private func flush(atMost count: Int) {
        guard let taken = pipe.give(queue.prefix(count)) else {
            return close(because: .system(code: -32, doing: "writing to a connection"))
        }
        queue.removeFirst(taken)
    }

    /// Delivers a piece; false where there is none.
    private func deliver() -> Bool {
        let wanted = isReady ? nil : Self.hello.count - greeting.count
        switch pipe.take({ min(wanted ?? $0, sizes.next(of: $0)) }) {
        case .nothing: return false
        case .reset:
            close(because: .system(code: -104, doing: "reading from a connection"))
            return false
        case .end:
            guard isReady else {
                close(because: .handshakeFailed(reason: "the client left"))
                return false
            }
            hasSeenEnd = true
            isReading = false
            delegate?.onEnd()
            return false
        case .bytes(let bytes):
            guard isReady else { return greet(bytes) }
            let clear = isSealed ? Self.sealed(bytes) : bytes
            clear.withRawSpan { delegate?.onBytes($0) }
            return true
        }
    }

    private func greet(_ bytes: [UInt8]) -> Bool {
        greeting += bytes
        guard Self.hello.starts(with: greeting) else {
            close(because: .handshakeFailed(reason: "that was no hello"))
            return false
        }
        guard greeting == Self.hello else { return true }
        _ = pipe.give(Self.welcome[...])
        security = facts
        isReady = true
        delegate?.onReady()
        return true
    }
}

/// The sizes of pieces, the same for the same seed: often a few bytes, also a record of 16 KiB, seldom all.
struct PieceSizes {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// How many of so many bytes come at once.
    mutating func next(of count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let small = [1, 2, 7, 64, 500, 4096, 16_384, EventLoop.readBytesMax]
        let large = [4096, 16_384, 16_384, EventLoop.readBytesMax]
        let sizes = count < 20_000 ? small : large
        return max(1, min(count, sizes[Int(state >> 33) % sizes.count]))
    }
}

/// The two directions of a connection in memory, as both ends see them.
final class MemoryPipe: Sendable {
    /// How far an end is.
    enum End: Sendable { case open, finished, closed, reset }

    /// What the server's end gets.
    enum Taken: Sendable {
        case bytes([UInt8])
        case nothing, end, reset
    }

    /// What is under way.
    private struct State {
        var toServer: [UInt8] = []
        /// How many of its bytes the server has taken.
        var takenCount = 0
        var toClient: [UInt8] = []
        var client = End.open
        var server = End.open

        var waitingCount: Int { toServer.count - takenCount }
    }

    /// How much a direction holds, as the buffers of a socket do.
    static let toServerMax = 2 << 20
    static let toClientMax = 128 << 10

    private let state = Watched(State())
    private let stream = Lock<LoopBound<MemoryStream>?>(nil)

    /// Whether the server's end is closed.
    var isClosedByServer: Bool { state.withLock { $0.server == .closed || $0.server == .reset } }

    /// Whether the client's end holds as much as it may.
    var isClientFull: Bool { state.withLock { $0.toClient.count >= Self.toClientMax } }

    // MARK: The server's end

    func attach(_ stream: LoopBound<MemoryStream>) {
        self.stream.withLock { $0 = stream }
    }

    func detach() {
        stream.withLock { $0 = nil }
    }

    /// Takes a piece of what came; `size` says how much of what is there.
    func take(_ size: (Int) -> Int) -> Taken {
        state.withLock { state in
            if state.client == .reset { return .reset }
            guard state.waitingCount > 0 else {
                return state.client == .open ? .nothing : .end
            }
            let end = state.takenCount + min(size(state.waitingCount), state.waitingCount)
            let bytes = Array(state.toServer[state.takenCount..<end])
            state.takenCount = end
            if state.waitingCount == 0 || end > MemoryPipe.toServerMax {
                state.toServer.removeFirst(end)
                state.takenCount = 0
            }
            return .bytes(bytes)
        }
    }

    /// Gives the client bytes, as many as there is room for; nil where it is gone.
    func give(_ bytes: ArraySlice<UInt8>) -> Int? {
        state.withLock { state in
            if state.client == .closed || state.client == .reset { return nil }
            let some = bytes.prefix(max(0, Self.toClientMax - state.toClient.count))
            state.toClient += some
            return some.count
        }
    }

    func finishServer() {
        state.withLock { if $0.server == .open { $0.server = .finished } }
    }

    /// Closes the server's end; with bytes of the client that nobody has read it is a reset, as a socket's is.
    func closeServer(isReset: Bool) {
        state.withLock { state in
            state.server = isReset || state.waitingCount > 0 ? .reset : .closed
        }
    }

    // MARK: The client's end

    /// Puts what fits of some bytes in; waits until some do.
    func send(_ bytes: ArraySlice<UInt8>, deadline: Deadline) throws(KitError) -> Int {
        let sent = state.wait(until: deadline) { state -> Int? in
            if state.server == .closed || state.server == .reset { return -1 }
            let room = Self.toServerMax - state.waitingCount
            guard room > 0 else { return nil }
            let some = bytes.prefix(room)
            state.toServer += some
            return some.count
        }
        guard let sent else { throw .deadlinePassed(doing: "sending") }
        guard sent >= 0 else { throw .closed(doing: "sending") }
        wake()
        return sent
    }

    /// What has come, at least one byte; empty at the end.
    func receive(doing: String, deadline: Deadline) throws(KitError) -> [UInt8] {
        let bytes = state.wait(until: deadline) { state -> [UInt8]?? in
            if !state.toClient.isEmpty {
                defer { state.toClient = [] }
                return state.toClient
            }
            switch state.server {
            case .open: return nil
            case .finished, .closed: return .some([])
            case .reset: return .some(nil)
            }
        }
        guard let bytes else { throw .deadlinePassed(doing: doing) }
        guard let bytes else { throw .closed(doing: doing) }
        wake()
        return bytes
    }

    func end(_ end: End) {
        state.withLock { if $0.client != .reset { $0.client = end } }
        wake()
    }

    private func wake() {
        guard let stream = stream.withLock({ $0 }) else { return }
        stream.port.post { stream.get(on: $0).pump() }
    }
}

/// The client's end of a connection in memory.
final class MemoryClient: ClientTransport {
    let pipe: MemoryPipe
    private let isSealed: Bool
    private var welcomeLeft: Int
    private var isReset = false

    /// Takes the client's end; a sealed one says hello, unless it is to be silent.
    init(_ pipe: MemoryPipe, isSealed: Bool, isSilent: Bool = false) throws(KitError) {
        self.pipe = pipe
        self.isSealed = isSealed
        welcomeLeft = isSealed ? MemoryStream.welcome.count : 0
        if isSealed, !isSilent { _ = try pipe.send(MemoryStream.hello[...], deadline: .standard) }
    }

    func send(_ bytes: [UInt8], deadline: Deadline) throws(KitError) {
        var rest = (isSealed ? MemoryStream.sealed(bytes) : bytes)[...]
        while !rest.isEmpty { rest = rest.dropFirst(try pipe.send(rest, deadline: deadline)) }
    }

    func receive(doing: String, deadline: Deadline) throws(KitError) -> [UInt8] {
        while true {
            var bytes = try pipe.receive(doing: doing, deadline: deadline)
            if bytes.isEmpty { return [] }
            let greeted = min(welcomeLeft, bytes.count)
            bytes.removeFirst(greeted)
            welcomeLeft -= greeted
            if !bytes.isEmpty { return isSealed ? MemoryStream.sealed(bytes) : bytes }
        }
    }

    func finishSending() { pipe.end(.finished) }
    func resetOnClose() { isReset = true }
    func close() { pipe.end(isReset ? .reset : .closed) }
}
