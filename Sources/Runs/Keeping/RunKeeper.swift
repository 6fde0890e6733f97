internal import Executor
internal import Journal
internal import Primitives
internal import Workflows

/// What becomes of runs that are over or only wait, and where mail for those finds them that are not in memory.
///
/// Chosen once, when an engine is put together: with a store runs leave memory and come back (``RunArchive``), without one they
/// stay there (``RunsInMemory``).
protocol RunKeeper: AnyObject, Sendable {
    /// Hands mail to a run, wherever it is; dropped where the run is unknown or ended.
    ///
    /// - Returns: The job that handles it, where one has to be queued.
    func post(_ mail: RunActor.Message, to run: UUIDv7, in engine: RunEngine) -> (any Job)?

    /// Finds a run that is not in memory, and hands it on.
    func find(
        _ run: UUIDv7,
        for engine: RunEngine,
        patience: RunFinding.Patience,
        _ body: @escaping @Sendable (RunFinding) -> Void
    )

    /// Takes note that a run has ended in memory; what it decided may not be settled yet.
    func noteFinish(of cell: RunActor, in engine: RunEngine)

    /// Takes note of a run that may be over, or do nothing but wait, now that this mail is handled.
    func noteStandstill(of cell: RunActor, after mail: [RunActor.Message], in engine: RunEngine)
}

/// The keeper of a server without a store: all runs are in memory, those that ended until newer ones push them out.
final class RunsInMemory: RunKeeper {
    func post(_ mail: RunActor.Message, to run: UUIDv7, in engine: RunEngine) -> (any Job)? {
        engine.registry.find(run)?.post(mail)
    }

    func find(
        _ run: UUIDv7,
        for engine: RunEngine,
        patience: RunFinding.Patience,
        _ body: @escaping @Sendable (RunFinding) -> Void
    ) {
        body(.unknown)
    }

    func noteFinish(of cell: RunActor, in engine: RunEngine) {
        engine.registry.keepEnded(cell.id)
    }

    func noteStandstill(of cell: RunActor, after mail: [RunActor.Message], in engine: RunEngine) {}
}

/// The keeper of a server with a store: the store is told of ends and rests, and read for what is not in memory.
extension RunArchive: RunKeeper {
    /// Kept while the store cannot be read that may have the run.
    func post(_ mail: RunActor.Message, to run: UUIDv7, in engine: RunEngine) -> (any Job)? {
        if !send(mail, to: run, in: engine.registry) {
            recall(run, for: engine, patience: .untilReadable) { $0.cell?.send(mail) }
        }
        return nil
    }

    func find(
        _ run: UUIDv7,
        for engine: RunEngine,
        patience: RunFinding.Patience,
        _ body: @escaping @Sendable (RunFinding) -> Void
    ) {
        recall(run, for: engine, patience: patience, body)
    }

    /// It stays in memory until its end is in the journal.
    func noteFinish(of cell: RunActor, in engine: RunEngine) {}

    /// Tells the store of a run that is over, or does nothing but wait, with the number that it has come to.
    ///
    /// Its mail comes in the order of the numbers: what it handled last is the last that its state knows. An event that
    /// is settled already and not handled yet has a higher one, and the store lets the run rest no longer.
    func noteStandstill(of cell: RunActor, after mail: [RunActor.Message], in engine: RunEngine) {
        switch cell.standstill(onOver: { noteEnd(of: cell, $0, ending: $1, in: engine) }) {
        case .none, .over: break
        case .parked:
            guard let number = mail.lazy.compactMap(\.number).max() else { return }
            notePark(cell.id, after: number)
        }
    }

    /// Writes down that a run is over, and lets newer runs push it out of memory once that is settled.
    ///
    /// Nobody waits for it: a run whose end is not noted ends again after a restart. Out of memory it is what the store has of
    /// it, and that must be its end.
    private func noteEnd(
        of cell: RunActor,
        _ outcome: RunOutcome,
        ending: Int,
        in engine: RunEngine
    ) {
        let registry = engine.registry
        engine.commit.note(.finished(cell.id, outcome.status, engine.surroundings.wall)) {
            [self] isCommitted, number in
            guard isCommitted else { return cell.send(.endUnnoted(end: ending)) }
            noteEnd(cell.id, under: number)
            // Not at once: the note may be settled while the run's lock is held.
            cell.send(.told { cell.whileOver(ending) { registry.keepEnded(cell.id) } })
        }
    }
}

extension RunActor.Message {
    /// The number under which the journal has what it tells; nil where it has nothing.
    fileprivate var number: UInt64? {
        switch self {
        case .settled(_, _, let number), .callback(_, _, _, let number), .decided(let number):
            number
        default: nil
        }
    }
}
