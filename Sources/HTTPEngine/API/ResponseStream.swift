internal import Primitives
internal import Synchronization

/// An answer that is sent in pieces, such as server-sent events.
///
/// May be used on any thread.
///
/// Its pieces leave in the order they are given. When it is let go it is finished.
package final class ResponseStream: Sendable {
    private let door: ConnectionHandle
    private let ticket: ResponseToken
    private let state = Lock(State())
    /// How far the stream is, and whom its end is told.
    private struct State: Sendable {
        var isFinished = false
        var isClosed = false
        var isClientFinished = false
        /// Bytes of offered pieces that are on their way to the connection.
        var postedBytes = 0
        /// Bytes that waited for the client when the connection was last asked.
        var queuedBytes = 0
        /// Whether the connection is being asked.
        var isLooking = false
        var onClosed: (@Sendable () -> Void)?
    }

    init(door: ConnectionHandle, ticket: ResponseToken) {
        self.door = door
        self.ticket = ticket
    }

    deinit {
        let isFinished = state.withLock { $0.isFinished }
        if !isFinished { door.finish(ticket) }
    }

    /// Sends a piece; an empty one does nothing.
    ///
    /// - Returns: False once the stream is finished or the connection is known to be gone.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
        let isOpen = state.withLock { !$0.isFinished && !$0.isClosed }
        guard isOpen else { return false }
        if !bytes.isEmpty { door.write(ticket, bytes) }
        return true
    }

    /// Sends a piece that may be lost, unless ``offeredBytesMax`` of what was sent before still wait for the client.
    ///
    /// - Returns: False where it is not sent.
    package func offer(_ bytes: [UInt8]) -> Bool {
        let (isTaken, looks) = state.withLock { state -> (Bool, Bool) in
            guard !state.isFinished, !state.isClosed else { return (false, false) }
            let waiting = state.postedBytes + state.queuedBytes
            guard waiting + bytes.count <= Self.offeredBytesMax else {
                defer { state.isLooking = true }
                return (false, !state.isLooking)
            }
            state.postedBytes += bytes.count
            return (true, false)
        }
        if isTaken || looks {
            door.offer(ticket, isTaken ? bytes : []) { [self] queuedBytes in
                state.withLock { state in
                    if isTaken { state.postedBytes -= bytes.count }
                    if looks { state.isLooking = false }
                    state.queuedBytes = queuedBytes
                }
            }
        }
        return isTaken
    }

    /// How many bytes may wait for the client when a piece is offered.
    package static let offeredBytesMax = 256 << 10

    /// Ends the answer; the connection goes on where the request allows it.
    package func finish() {
        let (isFirst, body) = state.withLock { state in
            defer {
                state.isFinished = true
                state.onClosed = nil
            }
            return (!state.isFinished, state.onClosed)
        }
        // What would have been called may hold this stream; it is given back outside of the lock.
        _ = consume body
        if isFirst { door.finish(ticket) }
    }

    /// Has `body` called, once, when the connection goes away before the stream is finished.
    ///
    /// The connection goes away when the client leaves, does not read what is sent, or the server closes. `body` is
    /// called on the connection's loop, or at once where it is gone already.
    package func onClosed(_ body: @escaping @Sendable () -> Void) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.onClosed = body }
            return state.isClosed
        }
        if isClosed { body() }
    }

    /// Whether the client has said that it sends no more: it is gone, or it only reads on.
    ///
    /// Which of both is found out by sending it something: twice, because the first piece may be what tells a client's
    /// system that nobody is there.
    package var isClientFinished: Bool { state.withLock { $0.isClientFinished } }

    /// Hears from the loop that the client sends no more.
    func clientDidFinish() {
        state.withLock { $0.isClientFinished = true }
    }

    /// Hears from the loop that the connection is gone.
    func connectionDidClose() {
        let body = state.withLock { state in
            let body = state.isFinished ? nil : state.onClosed
            state.isClosed = true
            state.onClosed = nil
            return body
        }
        body?()
    }
}
