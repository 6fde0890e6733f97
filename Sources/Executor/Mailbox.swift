public import Primitives

/// A queue of events that are handled in order, by one worker at a time, on whatever worker is free.
///
/// Different mailboxes are handled in parallel. Events that gather while the handler runs come in one batch.
@usableFromInline
package final class Mailbox<Event: Sendable>: Job {
    /// What has been sent and not handled, and whether a worker has been asked for.
    @usableFromInline
    struct State: Sendable {
        @usableFromInline var pending: [Event] = []
        @usableFromInline var isScheduled = false

        @inlinable init() {}
    }

    @usableFromInline let pool: WorkerPool
    @usableFromInline let state: Lock<State>
    @usableFromInline let handle: @Sendable ([Event]) -> Void

    /// Makes an empty mailbox.
    ///
    /// - Parameters:
    ///   - pool: Whose threads handle the events.
    ///   - handle: Gets each event once, in the order of sending; never called by two threads at once.
    @inlinable
    package init(pool: WorkerPool, handle: @escaping @Sendable ([Event]) -> Void) {
        self.pool = pool
        self.handle = handle
        state = Lock(State())
    }

    /// Puts an event behind those already sent; it may be called on any thread, the handler's own included.
    ///
    /// The mailbox stays alive until its events are handled. Events sent after the pool stopped are dropped.
    @inlinable
    package func send(_ event: consuming Event) {
        if post(event) { pool.submit(self) }
    }

    /// Puts an event behind those already sent, for whoever has several mailboxes queued together.
    ///
    /// - Returns: Whether the caller is to submit the mailbox to its pool; nobody else will.
    @inlinable
    package func post(_ event: consuming Event) -> Bool {
        var letter = Optional(event)
        return state.withLock { state -> Bool in
            if let event = letter.take() { state.pending.append(event) }
            let wasIdle = !state.isScheduled
            state.isScheduled = true
            return wasIdle
        }
    }

    /// Handles what is there; called by the pool only.
    @inlinable
    package func run() {
        let batch = state.withLock { state -> [Event] in
            let batch = state.pending
            state.pending = []
            return batch
        }
        handle(batch)
        let hasMore = state.withLock { state -> Bool in
            state.isScheduled = !state.pending.isEmpty
            return state.isScheduled
        }
        // Back to the end of the queue: a busy mailbox must not keep a worker from the others.
        if hasMore { pool.submit(self) }
    }
}
