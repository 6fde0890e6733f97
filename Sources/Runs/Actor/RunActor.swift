internal import Executor
package import JSONWire
package import Journal
package import Primitives
internal import Rendezvous
internal import Store
package import Workflows

/// One run in memory: its machine, who watches it, and the mail that moves it.
///
/// May be used on any thread; its mail is handled in order, by one worker at a time.
package final class RunActor: Job {
    /// The step that started a run.
    struct Parent: Sendable {
        /// The run above.
        let run: UUIDv7
        /// Its step's attempt.
        let attempt: AttemptRef
    }

    /// Who is told of the end, once, on a worker thread.
    package typealias Watcher = @Sendable (RunOutcome) -> Void

    /// What stays the same over a run's life.
    struct RunIdentity: Sendable {
        /// The run's id (`task_id`).
        let id: UUIDv7
        /// The configuration text whose plans it and the runs it starts follow.
        let origin: Fingerprint
        /// The run that started it as a step, if one did.
        let parent: Parent?
        /// How many runs stand above it.
        let depth: Int
        /// What its starter wants to find at it again.
        let labels: RunLabels?
        /// How it came to be started; nil where that is not known.
        var cause: RunCause?
    }

    /// The run's id (`task_id`).
    package var id: UUIDv7 { birth.id }
    /// The run that started it as a step, if one did.
    var parent: Parent? { birth.parent }
    /// How many runs stand above it.
    var depth: Int { birth.depth }
    /// What its starter wants to find at it again.
    var labels: RunLabels? { birth.labels }
    /// How it came to be started; nil where that is not known.
    package var cause: RunCause? { birth.cause }
    /// What stays the same over its life.
    let birth: RunIdentity
    /// The workflow it runs.
    package let workflowID: String
    private let state: SleepingLock<State>
    private let mailbox = Mailbox<Message>()
    private let pool: WorkerPool
    /// Who handles its mail; the engine holds its cells, and not they it.
    private weak let engine: RunEngine?

    /// Makes a run as it stands, whose mail an engine handles.
    init(_ birth: RunIdentity, standing: RunSnapshot, engine: RunEngine) {
        self.birth = birth
        workflowID = standing.machine.plan.id
        state = SleepingLock(State(standing))
        pool = engine.pool
        self.engine = engine
    }

    /// Hands something to the run; it is handled on a worker, after what came before.
    package func send(_ mail: consuming Message) {
        if mailbox.put(mail) { pool.submit(self) }
    }

    /// Has the mail handled that has come; called by the pool only.
    package func run() {
        let mail = mailbox.take()
        engine?.handle(mail, of: id)
        if !mailbox.endTurn() { pool.submit(self) }
    }

    /// Hands something to the run as ``send(_:)`` does; gives what the caller is to queue, where it has to.
    func post(_ mail: Message) -> (any Job)? {
        mailbox.put(mail) ? self : nil
    }

    /// Forgets its mail and who watches it, once nothing moves any more: what nobody handles may hold the run itself.
    func letGo() {
        let mail = mailbox.take()
        let held = state.withLock { state in
            defer {
                state.kept = []
                state.watchers = []
                state.followers = []
            }
            return (state.kept, state.watchers, state.followers)
        }
        // Until outside of the lock: what they hold goes with them.
        withExtendedLifetime((mail, held)) {}
    }

    /// Takes an event into the machine and gives what is to be done; only the run's mailbox calls it.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - stamp: What came with it.
    ///   - number: The journal number it is settled under; 0 where nothing is written.
    /// - Returns: The effects, in their order.
    func apply(_ event: RunEvent, stamp: Stamp, number: UInt64) -> [Effect] {
        state.withLock { state in
            state.history.journalNumber = number
            if case .retry = event { state.retryCount += 1 }
            return state.machine.apply(event, stamp: stamp)
        }
    }

    /// Whether it does nothing by itself now, and whether it is over and nobody has taken it up again.
    var rest: (isResting: Bool, isOver: Bool) {
        state.withLock { ($0.isSettled && $0.machine.isResting, $0.isOver) }
    }

    /// What the store is to be told of a run that has handled its mail.
    enum IdleState {
        /// Nothing: something of it is under way.
        case none
        /// Nothing but callbacks can move it on, and all it did is settled.
        case parked
        /// It is over, its result is sent, and all it did is settled: told once for each end.
        case over
    }

    /// What the store is to be told.
    ///
    /// - Parameter onOver: Writes the end down, with which of its ends it is. It is called before anybody can take the run up
    ///   again: the note of an end must have a lower number than the retry that comes after it, or the retry is lost.
    /// - Returns: What it is doing.
    func standstill(onOver: (RunOutcome, _ ending: Int) -> Void) -> IdleState {
        state.withLock { state in
            guard state.isSettled else { return .none }
            if let outcome = state.endToNote.take() {
                onOver(outcome, state.retryCount + 1)
                return .over
            }
            return state.machine.isParked ? .parked : .none
        }
    }

    /// Does something while nobody can take the run up again; nothing where somebody has since one of its ends.
    func whileOver(_ ending: Int, _ body: () -> Void) {
        state.withLock { state in
            if state.isOver, !state.isReopening, ending == state.retryCount + 1 { body() }
        }
    }

    /// How the machine ended; nil while it has not.
    var outcomeOfMachine: RunOutcome? { state.withLock { $0.machine.outcome } }

    /// How it ended, as everybody was told; nil while nobody was.
    var toldOutcome: RunOutcome? { state.withLock { $0.outcome } }

    /// Whether a call whose outcome a crash took is to be made again.
    package func repeatsAfterCrash(_ attempt: AttemptRef) -> Bool {
        state.withLock { $0.machine.repeatsAfterCrash(attempt) }
    }

    /// Whether a try has a wait that nothing has ended.
    func hasOpenWait(_ attempt: AttemptRef) -> Bool {
        state.withLock { $0.machine.hasOpenWait(attempt) }
    }

    /// Whether a try waits for the end of the run that it starts.
    func awaitsChild(_ attempt: AttemptRef) -> Bool {
        state.withLock { $0.machine.awaitsChild(attempt) }
    }

    /// How many bytes of values it may still be given.
    var room: Int { state.withLock { $0.machine.room } }

    /// The run's state as the controller shows it.
    package var view: RunState { state.withLock { $0.machine.state } }

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
    package func component(of attempt: AttemptRef) -> String? {
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

    // MARK: - What the journal has not settled

    /// Counts a record of the run that is on its way to the journal.
    func beginSettling() {
        state.withLock { $0.unsettledCount += 1 }
    }

    /// Counts a record in that is being settled, and gives what is told then: it sends one mail or the other.
    ///
    /// What could not be settled is counted off where its mail is handled.
    func settling(or undone: Message, _ settled: Message) -> @Sendable (_ isCommitted: Bool) -> Void
    {
        beginSettling()
        return { [self] isCommitted in
            if isCommitted { endSettling() }
            send(isCommitted ? settled : undone)
        }
    }

    /// Counts a record off: it is settled, or never will be.
    func endSettling() {
        state.withLock { $0.unsettledCount -= 1 }
    }

    /// Whether something is kept until the journal takes records again.
    var keepsMail: Bool { state.withLock { !$0.kept.isEmpty } }

    /// Keeps something until the journal takes records again, behind what is kept already.
    func keep(_ mail: Message) {
        state.withLock { $0.kept.append(mail) }
    }

    /// Gives out what was kept, in its order.
    func takeKept() -> [Message] {
        state.withLock { state in
            defer { state.kept = [] }
            return state.kept
        }
    }

    // MARK: - Who watches

    /// Has `watcher` told of the end, at once where it ended already; its owner may have it forgotten again.
    package func whenEnded(for owner: ObjectIdentifier? = nil, _ watcher: @escaping Watcher) {
        let outcome = state.withLock { state -> RunOutcome? in
            if !state.isOver { state.watchers.append((owner, watcher)) }
            return state.outcome
        }
        if let outcome { watcher(outcome) }
    }

    /// Forgets the watchers of an owner.
    package func forgetWatchers(of owner: ObjectIdentifier) {
        state.withLock { $0.watchers.removeAll { $0.owner == owner } }
    }

    /// Adds the facts among effects to the history and lets followers see them; only the run's mailbox calls it.
    func note(_ effects: ArraySlice<Effect>, keeping max: Int) {
        let isFollowed = state.withLock { state -> Bool in
            guard state.followers.isEmpty else { return true }
            state.history.add(effects, max: max)
            return false
        }
        guard isFollowed else { return }
        // One after the other: followers are told from what is kept, and that may be no more than the last.
        for index in effects.indices { tell(effects[index...index], keeping: max) }
    }

    private func tell(_ effects: ArraySlice<Effect>, keeping max: Int) {
        let followers = state.withLock { state -> [any RunObserver] in
            // One at least where somebody watches.
            state.history.add(effects, max: state.followers.isEmpty ? max : Swift.max(1, max))
            return state.followers
        }
        for follower in followers { follower.runAdvanced(self) }
    }

    /// Shows followers a piece of the answer that a step's try is receiving; it is not kept.
    package func tellChunk(of attempt: AttemptRef, _ value: () -> JSONValue) {
        let told = state.withLock { state -> (RunChunk, [any RunObserver])? in
            guard !state.followers.isEmpty, let shown = state.machine.shown(attempt) else {
                return nil
            }
            let chunk = RunChunk(step: shown.step, attempt: shown.attempt, data: value())
            return (chunk, state.followers)
        }
        guard let (chunk, followers) = told else { return }
        for follower in followers { follower.stepReceived(chunk) }
    }

    /// What of the history comes after an entry, and whether the run is over, so that nothing will follow.
    package func history(after number: UInt32) -> (rest: RunHistory.Rest, isEnded: Bool) {
        state.withLock { ($0.history.rest(after: number), $0.isOver) }
    }

    /// Lets somebody watch the history, from what they have not seen of it.
    package func follow(_ follower: any RunObserver) {
        state.withLock { state in
            if !state.isOver { state.followers.append(follower) }
        }
        follower.runAdvanced(self)
    }

    /// Lets a follower go.
    package func unfollow(_ follower: any RunObserver) {
        state.withLock { $0.followers.removeAll { $0 === follower } }
    }

    /// Takes it on that a run that failed goes on; false where it has not failed, or somebody else was faster.
    ///
    /// Until ``reopen()`` or ``stayOver()`` it is over as before, and counts as one that has a record on its way.
    func beginReopening() -> Bool {
        state.withLock { state in
            guard case .failed? = state.outcome, !state.isReopening else { return false }
            state.isReopening = true
            state.unsettledCount += 1
            // What comes after it must not be lost behind the note of an end that is none any more.
            state.endToNote = nil
            return true
        }
    }

    /// Whether its machine has failed and nobody was told yet.
    var isFailing: Bool {
        state.withLock { state in
            guard case .failed? = state.machine.outcome else { return false }
            return !state.isOver && !state.isReopening
        }
    }

    /// Lets a run go on for which that is settled.
    func reopen() {
        state.withLock { state in
            state.isReopening = false
            state.unsettledCount -= 1
            state.outcome = nil
        }
    }

    /// Leaves a run over that could not go on; its end is to be noted again.
    func stayOver() {
        state.withLock { state in
            state.isReopening = false
            state.unsettledCount -= 1
            state.endToNote = state.outcome
        }
    }

    /// Which of its ends it has come to, from 1, and how it ended; nil while it has not, or goes on again.
    ///
    /// The number is the same after a restart: it comes from the run's events.
    package var ending: (number: Int, outcome: RunOutcome)? {
        state.withLock { state in state.outcome.map { (state.retryCount + 1, $0) } }
    }

    /// Has the store told of an end as soon as all that the run did is settled, unless it goes on again before.
    ///
    /// An end that was noted before the ends of its waits could outlive them: after a crash nobody would end these.
    func wantEndNoted(_ number: Int) {
        state.withLock { state in
            guard number == state.retryCount + 1, !state.isReopening else { return }
            state.endToNote = state.outcome
        }
    }

    /// Notes the end and tells everybody who asked for it.
    func end(_ outcome: RunOutcome) {
        var watchers: [(owner: ObjectIdentifier?, tell: Watcher)] = []
        var followers: [any RunObserver] = []
        state.withLock { state in
            state.outcome = outcome
            swap(&state.watchers, &watchers)
            swap(&state.followers, &followers)
        }
        for watcher in watchers { watcher.tell(outcome) }
        for follower in followers { follower.runAdvanced(self) }
    }

    /// What a run consists of when its cell is made: a new machine, or one that was rebuilt.
    struct RunSnapshot: Sendable {
        /// The machine.
        var machine: RunMachine
        /// How it ended, where that was told already.
        var outcome: RunOutcome?
        /// What is kept of its history.
        var history = RunHistory()
        /// The runs its steps have started.
        var children: [AttemptRef: UUIDv7] = [:]
        /// How often it was taken up again after a failure.
        var retryCount = 0
    }

    /// What the machine's lock guards.
    private struct State {
        var machine: RunMachine
        var outcome: RunOutcome?
        var watchers: [(owner: ObjectIdentifier?, tell: Watcher)] = []
        var followers: [any RunObserver] = []
        var history: RunHistory
        var children: [AttemptRef: UUIDv7]
        /// How many records of the run are on their way to the journal.
        var unsettledCount = 0
        /// What waits for the journal to take records again.
        var kept: [Message] = []
        /// How often it was taken up again after a failure.
        var retryCount: Int
        /// The end that the store is to be told of.
        var endToNote: RunOutcome?
        /// Whether it is being settled that it goes on.
        var isReopening = false

        /// Whether it has ended; a comparison with nil would copy the outcome.
        var isOver: Bool {
            if case .some = outcome { true } else { false }
        }

        /// Whether the journal has all that it did.
        var isSettled: Bool { unsettledCount == 0 && kept.isEmpty }

        init(_ standing: RunSnapshot) {
            machine = standing.machine
            outcome = standing.outcome
            history = standing.history
            children = standing.children
            retryCount = standing.retryCount
        }
    }
}
