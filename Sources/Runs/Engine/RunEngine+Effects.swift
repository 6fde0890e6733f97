internal import Journal
internal import Primitives
internal import Store
internal import Workflows

/// Carrying out what a run wants done.
extension RunEngine {
    /// Carries out in order what an event caused; facts that follow each other are noted together.
    func carryOut(_ effects: [Effect], of cell: RunActor) {
        // Looked at where they stand: an effect is large, and a copy holds all its parts once more.
        let each = effects.span
        var factsCount = 0
        for index in each.indices {
            if case .history = each[index] {
                factsCount += 1
                continue
            }
            if factsCount > 0 { note(effects[(index - factsCount)..<index], of: cell) }
            factsCount = 0
            carryOut(each[index], of: cell)
        }
        if factsCount > 0 { note(effects.suffix(factsCount), of: cell) }
    }

    /// Tells facts of a run to the log and to its history.
    private func note(_ facts: ArraySlice<Effect>, of cell: RunActor) {
        let facts = redaction.facts(facts)
        if RunLogger.isHeard(by: log) {
            for case .history(let entry) in facts { RunLogger.tell(entry, of: cell, to: log) }
        }
        cell.note(facts, keeping: historyMax)
    }

    /// Carries out an effect whose event is settled.
    func carryOut(_ effect: Effect, of cell: RunActor) {
        switch effect {
        case .wait(let attempt, _, let channels, let keys, let deadline):
            park(attempt, of: cell, channels: channels, keys: keys, deadline: deadline, effect)
        case .addKey(let attempt, let channels, let key):
            addKey(key, channels: channels, to: attempt, of: cell, effect)
        case .endWait(let attempt, let how):
            endWait(attempt, of: cell, how: how, effect)
        case .call(let attempt, let call):
            surroundings.run(call, for: attempt, of: cell)
        case .abandon(let attempt):
            surroundings.abandon(attempt, of: cell)
        case .setTimer(let timer, let moment):
            surroundings.set(RunTimer(run: cell.id, timer: timer), at: moment)
        case .cancelTimer(let timer):
            surroundings.cancel(RunTimer(run: cell.id, timer: timer))
        case .startChild(let attempt, let workflow, let input, let id):
            surroundings.admitChild(of: attempt, of: cell) { [self] in
                startChild(workflow, id: id, input: input, for: attempt, of: cell)
            }
        case .cancelChild(let attempt):
            if let child = cell.child(of: attempt) {
                post(.cancel(reason: Self.parentEnded), to: child)
            } else {
                surroundings.abandon(attempt, of: cell)
            }
        case .history: note([effect], of: cell)
        case .finished(let outcome):
            finish(cell, outcome)
        }
    }

    /// Why a child run is cancelled when its parent does not want it any more.
    static let parentEnded = "its parent run ended"

    /// Ends a run in memory and tells whoever waits for it; the store is told when its result is sent and its mail handled.
    ///
    /// Called where the run's mail is handled.
    func finish(_ cell: RunActor, _ outcome: RunOutcome) {
        registry.end(cell.id)
        keeper.noteFinish(of: cell, in: self)
        cell.end(outcome)
        sendResult(of: cell)
        if let parent = cell.parent {
            places?.hold(parent.run)
            surroundings.childEnded(of: parent.attempt, of: parent.run)
            post(.childEnded(parent.attempt, outcome), to: parent.run)
        }
    }

    /// Sends a run's result where it is wanted.
    ///
    /// Until that is done, the store takes the run for one that has not ended: it is sent after a restart then.
    private func sendResult(of cell: RunActor) {
        let callback = cell.labels?.callback
        guard let ending = cell.ending else { return }
        guard let callback, let send = resultSender else {
            return cell.wantEndNoted(ending.number)
        }
        send(callback, cell) { cell.send(.resultSent(end: ending.number)) }
    }
}

extension RunOutcome {
    /// The state of a run that ended so.
    var status: RunStatus {
        switch self {
        case .completed: .completed
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }
}
