package import Executor
package import Primitives
internal import Rendezvous
package import Store
internal import Workflows

/// The runs that are in the store and not in memory: those that only wait since a restart, and those that ended.
///
/// A store that cannot be read says nothing about a run: whoever must have it waits, and the store is asked again, ever
/// more seldom, until it answers. Nor is anything read that is older than what is settled: a run that ended in this life
/// of the server is read once the store has its end. May be used on any thread; reading is done on a worker.
package final class RunArchive: Sendable {
    private let store: any RunStore
    private let pool: WorkerPool
    private let surroundings: any RunEnvironment
    private let log: Log
    private let state = Lock(State())
    private let ends = SleepingLock(Ends())

    private static let pauseMin = Nanoseconds.milliseconds(50)
    private static let pauseMax = Nanoseconds.seconds(5)
    /// How long a run is left alone that the store does not have as it stands yet.
    private static let behindPause = Nanoseconds.milliseconds(5)
    /// So many ends are remembered before those are looked for that the store has.
    private static let endsMin = 1024

    /// What waits for the store.
    private struct State {
        var wanted: [UUIDv7: Wanted] = [:]
        /// Why the store could not be read last.
        var failure: StoreError?
        /// The runs whose rows are damaged, each told once.
        var damaged: Set<UUIDv7> = []
        /// How often in a row it was asked again in vain.
        var failureCount = 0
        var isAlarmSet = false
    }

    /// The runs that ended in this life, with the number that says so, as far as the store may not have it.
    private struct Ends {
        var numbers: [UUIDv7: UInt64] = [:]
        /// With so many those are forgotten that the store has.
        var countMax = RunArchive.endsMin
    }

    /// A run that somebody wants.
    private struct Wanted {
        var readers: [Reader] = []
        var isBeingRead = false
    }

    /// Somebody who wants a run.
    private struct Reader {
        let patience: RunFinding.Patience
        let tell: @Sendable (RunFinding) -> Void
    }

    /// Makes an archive over a store.
    ///
    /// - Parameters:
    ///   - store: What is read.
    ///   - pool: Whose workers read.
    ///   - surroundings: Whose clock says when the store is asked again.
    ///   - log: Where trouble is told, once until it is over.
    package init(
        store: any RunStore,
        pool: WorkerPool,
        surroundings: any RunEnvironment,
        log: Log
    ) {
        self.store = store
        self.pool = pool
        self.surroundings = surroundings
        self.log = log
    }

    /// Why the store cannot be read at present, as a sentence; nil where it can.
    package var failure: String? {
        let (failure, damagedCount) = state.withLock { ($0.failure, $0.damaged.count) }
        if let failure { return "the store cannot be read: \(failure.description)" }
        return damagedCount > 0 ? "\(damagedCount) runs are damaged in the store" : nil
    }

    /// How many runs somebody waits for.
    var wantedCount: Int { state.withLock { $0.wanted.count } }

    /// Notes that a run does nothing but wait, once everything up to `number` is in the store.
    func notePark(_ run: UUIDv7, after number: UInt64) {
        store.notePark(run, after: number)
    }

    /// Notes that a run is over and may be forgotten in memory: it is read from the store when that has `number`.
    func noteEnd(_ run: UUIDv7, under number: UInt64) {
        ends.withLock { ends in
            ends.numbers[run] = number
            guard ends.numbers.count > ends.countMax else { return }
            let through = store.completeThrough
            ends.numbers = ends.numbers.filter { $0.value > through }
            ends.countMax = max(Self.endsMin, 2 * ends.numbers.count)
        }
    }

    /// Brings a run back into memory, where it goes on, and hands it on.
    ///
    /// Two who want the same run get the same cell.
    /// - Parameters:
    ///   - run: The run.
    ///   - engine: Who carries it on.
    ///   - patience: What is done where the store cannot be read.
    ///   - body: Told once, on a worker, where it does not wait for ever.
    func recall(
        _ run: UUIDv7,
        for engine: RunEngine,
        patience: RunFinding.Patience,
        _ body: @escaping @Sendable (RunFinding) -> Void
    ) {
        let isFirst = state.withLock { state in
            state.wanted[run, default: Wanted()].readers
                .append(Reader(patience: patience, tell: body))
            return Self.begin(run, &state)
        }
        if isFirst { read(run, engine) }
    }

    /// Hands mail to a run in memory, behind the mail that waits for one that is being brought back.
    ///
    /// - Returns: False where the run is not in memory and nobody brings it.
    func send(_ mail: RunActor.Message, to run: UUIDv7, in registry: RunRegistry) -> Bool {
        let place = state.withLock { state -> Place in
            if state.wanted[run] != nil {
                let reader = Reader(patience: .untilReadable) { $0.cell?.send(mail) }
                state.wanted[run]?.readers.append(reader)
                return .onItsWay
            }
            return registry.find(run).map { .inMemory($0) } ?? .nowhere
        }
        switch place {
        case .inMemory(let cell):
            cell.send(mail)
            return true
        case .onItsWay: return true
        case .nowhere: return false
        }
    }

    /// Where a run is when mail for it comes.
    private enum Place {
        case inMemory(RunActor)
        case onItsWay
        case nowhere
    }

    /// Runs that the store has, newest first.
    ///
    /// - Throws: Why it cannot be read.
    package func runs(_ query: RunQuery) throws(StoreError) -> [StoredRunLine] {
        try store.runs(query)
    }

    /// Has the store come to the ends of the runs that are not in memory any more; blocks, where it can be written.
    package func catchUp() {
        let through = store.completeThrough
        let isBehind = ends.withLock { $0.numbers.values.contains { $0 > through } }
        guard isBehind, store.failure == nil else { return }
        do throws(StoreError) {
            try store.flush()
        } catch {
            // What cannot be written is told by /readyz and the log; what is there can be read all the same.
        }
    }

    /// Forgets who wants which run, with whatever they hold, once nothing moves any more.
    func letGo() {
        let wanted = state.withLock { state in
            defer { state.wanted = [:] }
            return state.wanted
        }
        // Outside of the lock: what they hold goes with them.
        _ = consume wanted
    }

    /// Whether the store has a run; on a worker.
    ///
    /// - Throws: Why it cannot be read.
    func has(_ run: UUIDv7) throws(StoreError) -> Bool {
        try store.run(run) != nil
    }

    // MARK: - Reading

    /// Takes the reading of a run on; false where somebody has.
    private static func begin(_ run: UUIDv7, _ state: inout State) -> Bool {
        guard state.wanted[run]?.isBeingRead == false else { return false }
        state.wanted[run]?.isBeingRead = true
        return true
    }

    private func read(_ run: UUIDv7, _ engine: RunEngine) {
        let isTaken = pool.submit(Work { [self] in bring(run, engine) })
        // Nothing moves any more; what must not be lost is in the journal.
        if !isTaken { tell(.unreadable(StoreError(.other, "the server is going down")), run) }
    }

    private func bring(_ run: UUIDv7, _ engine: RunEngine) {
        // Somebody may have been faster between the question and this.
        if let cell = engine.registry.find(run) { return tell(.found(cell), run) }
        guard hasEnd(of: run) else { return waitForEnd(of: run, engine) }
        do throws(StoreError) {
            guard let stored = try store.run(run) else {
                noteReadable(run, engine)
                return tell(.unknown, run)
            }
            let cell = try engine.revive(stored)
            noteReadable(run, engine)
            tell(.found(cell), run)
        } catch {
            noteUnreadable(error, run, engine)
        }
    }

    /// Whether the store has a run as it stands: what ended in this life may not be written yet.
    private func hasEnd(of run: UUIDv7) -> Bool {
        ends.withLock { ends in
            guard let number = ends.numbers[run] else { return true }
            guard number <= store.completeThrough else { return false }
            ends.numbers[run] = nil
            return true
        }
    }

    /// Has a run read when the store has come to its end; at once impatient readers are told where it cannot be written.
    private func waitForEnd(of run: UUIDv7, _ engine: RunEngine) {
        if let failure = store.failure {
            return put(run, aside: StoreError(.busy, "it is behind: \(failure)"), engine)
        }
        store.hurry()
        surroundings.after(Self.behindPause) { [self] in
            let isTaken = pool.submit(Work { [self] in bring(run, engine) })
            if !isTaken { tell(.unreadable(StoreError(.other, "the server is going down")), run) }
        }
    }

    /// Hands the run to those who want it, and to those who come meanwhile: only then does mail go straight to it.
    private func tell(_ finding: RunFinding, _ run: UUIDv7) {
        while true {
            let readers = state.withLock { state -> [Reader] in
                let readers = state.wanted[run]?.readers ?? []
                if readers.isEmpty {
                    state.wanted[run] = nil
                } else {
                    state.wanted[run]?.readers = []
                }
                return readers
            }
            if readers.isEmpty { return }
            for reader in readers { reader.tell(finding) }
        }
    }

    // MARK: - A store that cannot be read

    private func noteUnreadable(_ error: StoreError, _ run: UUIDv7, _ engine: RunEngine) {
        let isNew = state.withLock { state in
            // Others can be read though one is damaged.
            if error.kind == .corrupt { return state.damaged.insert(run).inserted }
            defer { state.failure = error }
            return state.failure == nil
        }
        if isNew {
            log(
                .error,
                "The store cannot be read; it is tried again until it can: \(error.description)",
                [.init("task_id", run.text)]
            )
        }
        put(run, aside: error, engine)
    }

    /// Tells those who do not wait, and keeps the others until the store is asked again.
    private func put(_ run: UUIDv7, aside error: StoreError, _ engine: RunEngine) {
        let (told, pause) = state.withLock { state -> ([Reader], Nanoseconds?) in
            let readers = state.wanted[run]?.readers ?? []
            // Whoever does not wait for what is damaged wants it all the same, once it is mended.
            let left = readers.filter { $0.patience != .none }.map {
                $0.patience.outlasts(error) ? $0 : Reader(patience: .untilReadable) { _ in }
            }
            state.wanted[run] = left.isEmpty ? nil : Wanted(readers: left)
            return (readers.filter { !$0.patience.outlasts(error) }, Self.nextPause(&state))
        }
        for reader in told { reader.tell(.unreadable(error)) }
        if let pause { askAgain(after: pause, engine) }
    }

    /// When the store is to be asked again; nil where that is settled.
    private static func nextPause(_ state: inout State) -> Nanoseconds? {
        guard !state.isAlarmSet else { return nil }
        state.isAlarmSet = true
        defer { state.failureCount += 1 }
        return min(Nanoseconds(pauseMin.count << min(state.failureCount, 10)), pauseMax)
    }

    private func askAgain(after pause: Nanoseconds, _ engine: RunEngine) {
        surroundings.after(pause) { [self, weak engine] in
            guard let engine else { return }
            state.withLock { $0.isAlarmSet = false }
            if !readWhatIsLeft(engine) { probe(engine) }
        }
    }

    /// Has every run read that somebody wants and nobody reads; false where there is none.
    private func readWhatIsLeft(_ engine: RunEngine) -> Bool {
        let runs = state.withLock { state in
            let runs = state.wanted.filter { !$0.value.isBeingRead }.map(\.key)
            for run in runs { state.wanted[run]?.isBeingRead = true }
            return runs
        }
        for run in runs.sorted() { read(run, engine) }
        return !runs.isEmpty
    }

    /// Looks whether the store can be read again though nobody waits for that: `/readyz` says so then.
    private func probe(_ engine: RunEngine) {
        guard state.withLock({ $0.failure != nil }) else { return }
        pool.submit(
            Work { [self] in
                do throws(StoreError) {
                    let none = UUIDv7(high: 0, low: 0)
                    _ = try store.run(none)
                    noteReadable(none, engine)
                } catch {
                    let pause = state.withLock { Self.nextPause(&$0) }
                    if let pause { askAgain(after: pause, engine) }
                }
            }
        )
    }

    private func noteReadable(_ run: UUIDv7, _ engine: RunEngine) {
        let wasUnreadable = state.withLock { state in
            state.damaged.remove(run)
            state.failureCount = 0
            return state.failure.take() != nil
        }
        guard wasUnreadable else { return }
        log(.info, "The store can be read again")
        _ = readWhatIsLeft(engine)
    }
}

extension RunFinding.Patience {
    /// Whether somebody goes on waiting after an error.
    fileprivate func outlasts(_ error: StoreError) -> Bool {
        switch self {
        case .none: false
        case .untilReadable: true
        case .unlessDamaged: error.kind != .corrupt
        }
    }
}
