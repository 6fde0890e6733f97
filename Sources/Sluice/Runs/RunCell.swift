internal import Executor
internal import JSONWire
internal import Primitives
internal import Rendezvous
internal import Synchronization
internal import Workflows

/// One run in memory: its machine, its mailbox and those who want to know when it ends.
///
/// The mailbox makes sure that one worker at a time carries it on; readers of its state take the machine's lock.
final class RunCell: Sendable {
    /// What can reach a run.
    enum Mail: Sendable {
        /// Something that happened to it.
        case event(RunEvent)
        /// The callback one of its steps waited for; its JSON is read on the worker, not where it arrived.
        case callback(AttemptRef, CallbackRecord)
        /// Somebody wants to know when all that was sent before is handled.
        case reached(@Sendable () -> Void)
        /// It has a place now: what was kept for it is to be handled.
        case placed
    }

    /// The step that started a run.
    struct Parent: Sendable {
        /// The run above.
        let run: UUIDv7
        /// Its step's attempt.
        let attempt: AttemptRef
    }

    /// Who is told of the end, once, on a worker thread.
    typealias Watcher = @Sendable (RunOutcome) -> Void

    /// The run's id (`task_id`).
    let id: UUIDv7
    /// The workflow it runs.
    let workflowID: String
    /// The run that started it as a step, if one did.
    let parent: Parent?
    /// How many runs stand above it.
    let depth: Int
    /// What its starter wants to find at it again.
    let labels: RunLabels?
    private let state: Mutex<State>
    private let mailbox: Mailbox<Mail>

    /// Makes a run that was not started yet; `handle` carries its events on, on one worker at a time.
    init(
        plan: WorkflowPlan,
        id: UUIDv7,
        parent: Parent?,
        depth: Int,
        labels: RunLabels?,
        pool: WorkerPool,
        handle: @escaping @Sendable (UUIDv7, [Mail]) -> Void
    ) {
        self.id = id
        workflowID = plan.id
        self.parent = parent
        self.depth = depth
        self.labels = labels
        state = Mutex(State(machine: RunMachine(plan: plan, id: id)))
        mailbox = Mailbox(pool: pool) { mail in handle(id, mail) }
    }

    /// Hands something to the run; it is handled on a worker, after what came before.
    func send(_ mail: Mail) {
        mailbox.send(mail)
    }

    /// Takes an event into the machine and gives what is to be done; only the run's mailbox calls it.
    func apply(_ event: RunEvent, stamp: Stamp) -> [Effect] {
        state.withLock { $0.machine.apply(event, stamp: stamp) }
    }

    /// Whether it does nothing by itself now, and whether it is over.
    var rest: (isResting: Bool, isOver: Bool) {
        state.withLock { ($0.machine.isResting, $0.machine.outcome != nil) }
    }

    /// The run's state as the controller shows it.
    var view: RunState { state.withLock { $0.machine.state } }

    /// Where the run is; cheaper than ``view``.
    var status: RunStatus { state.withLock { $0.machine.status } }

    /// The id under which the waiter table knows one of its waits.
    func waitID(_ attempt: AttemptRef) -> WaitID {
        WaitID(
            run: id,
            step: UInt32(clamping: attempt.step),
            attempt: UInt32(clamping: attempt.attempt)
        )
    }

    /// The component that a step's try uses; nil where it uses none.
    func component(of attempt: AttemptRef) -> String? {
        state.withLock { $0.machine.component(of: attempt) }
    }

    /// Remembers which run a step started.
    func noteChild(_ child: UUIDv7, of attempt: AttemptRef) {
        state.withLock { $0.children[attempt] = child }
    }

    /// The run a step started; nil where it started none.
    func child(of attempt: AttemptRef) -> UUIDv7? {
        state.withLock { $0.children[attempt] }
    }

    /// Has `watcher` told of the end, at once where it ended already; its owner may have it forgotten again.
    func whenEnded(for owner: ObjectIdentifier? = nil, _ watcher: @escaping Watcher) {
        let outcome = state.withLock { state -> RunOutcome? in
            if state.outcome == nil { state.watchers.append((owner, watcher)) }
            return state.outcome
        }
        if let outcome { watcher(outcome) }
    }

    /// Forgets the watchers of an owner.
    func forgetWatchers(of owner: ObjectIdentifier) {
        state.withLock { $0.watchers.removeAll { $0.owner == owner } }
    }

    /// Adds an entry to the history and lets followers see it; only the run's mailbox calls it.
    func note(_ entry: HistoryEntry, keeping max: Int) {
        let followers = state.withLock { state -> [RunFollower] in
            // One at least where somebody watches: they are told from what is kept.
            state.history.add(entry, max: state.followers.isEmpty ? max : Swift.max(1, max))
            return state.followers
        }
        for follower in followers { follower.pull(self) }
    }

    /// Shows followers a piece of the answer that a step's try is receiving; it is not kept.
    func tellChunk(of attempt: AttemptRef, _ value: () -> JSONValue) {
        let told = state.withLock { state -> (RunChunk, [RunFollower])? in
            guard !state.followers.isEmpty, let shown = state.machine.shown(attempt) else {
                return nil
            }
            let chunk = RunChunk(step: shown.step, attempt: shown.attempt, data: value())
            return (chunk, state.followers)
        }
        guard let (chunk, followers) = told else { return }
        for follower in followers { follower.tell(chunk) }
    }

    /// What of the history comes after an entry, and whether the run is over, so that nothing will follow.
    func history(after number: UInt32) -> (rest: RunHistory.Rest, isEnded: Bool) {
        state.withLock { ($0.history.rest(after: number), $0.outcome != nil) }
    }

    /// Lets somebody watch the history, from what they have not seen of it.
    func follow(_ follower: RunFollower) {
        state.withLock { state in
            if state.outcome == nil { state.followers.append(follower) }
        }
        follower.pull(self)
    }

    /// Lets a follower go.
    func unfollow(_ follower: RunFollower) {
        state.withLock { $0.followers.removeAll { $0 === follower } }
    }

    /// Lets a run that failed go on; false where it has not failed, or somebody else was faster.
    func reopen() -> Bool {
        state.withLock { state in
            guard case .failed? = state.outcome else { return false }
            state.outcome = nil
            return true
        }
    }

    /// Notes the end and tells everybody who asked for it.
    func end(_ outcome: RunOutcome) {
        let (watchers, followers) = state.withLock { state in
            state.outcome = outcome
            defer { (state.watchers, state.followers) = ([], []) }
            return (state.watchers.map(\.tell), state.followers)
        }
        for watcher in watchers { watcher(outcome) }
        for follower in followers { follower.pull(self) }
    }

    /// What the machine's lock guards.
    private struct State {
        var machine: RunMachine
        var outcome: RunOutcome?
        var watchers: [(owner: ObjectIdentifier?, tell: Watcher)] = []
        var followers: [RunFollower] = []
        var history = RunHistory()
        var children: [AttemptRef: UUIDv7] = [:]
    }
}
