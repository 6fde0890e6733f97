public import Primitives

/// The queue of a job whose events are handled in order, by one worker at a time, on whatever worker is free.
///
/// The job has it, submits itself to its pool where ``put(_:)`` or ``endTurn()`` says so, and handles what it takes out when
/// it is run. Different jobs are handled in parallel. Events that gather while a job runs come in one batch.
@usableFromInline
package struct Mailbox<Event: Sendable>: ~Copyable, Sendable {
    /// What has been sent and not handled, and whether a worker has been asked for.
    @usableFromInline
    struct State: Sendable {
        @usableFromInline var pending: [Event] = []
        @usableFromInline var isScheduled = false

        @inlinable init() {}
    }

    @usableFromInline let state: Lock<State>

    /// Makes an empty mailbox.
    @inlinable
    package init() {
        state = Lock(State())
    }

    /// Puts an event behind those already sent; it may be called on any thread, the job's own included.
    ///
    /// - Returns: True where the job is to be submitted: no worker has been asked for.
    @inlinable
    package borrowing func put(_ event: consuming Event) -> Bool {
        var letter = Optional(event)
        return state.withLock { state -> Bool in
            if let event = letter.take() { state.pending.append(event) }
            let wasIdle = !state.isScheduled
            state.isScheduled = true
            return wasIdle
        }
    }

    /// Takes out what is there; called by the job when it is run.
    @inlinable
    package borrowing func take() -> [Event] {
        state.withLock { state -> [Event] in
            var batch: [Event] = []
            swap(&batch, &state.pending)
            return batch
        }
    }

    /// Notes that what was taken out is handled; called by the job before it ends.
    ///
    /// - Returns: False where more has come meanwhile: the job is to be submitted again, at the end of the queue, for a
    ///   busy mailbox must not keep a worker from the others.
    @inlinable
    package borrowing func endTurn() -> Bool {
        state.withLock { state -> Bool in
            state.isScheduled = !state.pending.isEmpty
            return !state.isScheduled
        }
    }
}
