internal import Primitives
internal import Workflows

/// Carrying out what a run wants done.
extension RunEngine {
    /// Carries out an effect whose event is settled.
    func carryOut(_ effect: Effect, of cell: RunCell) {
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
        case .history(let entry):
            let entry = redaction.entry(entry)
            RunNarrator.tell(entry, of: cell, to: log)
            cell.note(entry, keeping: historyMax)
        case .finished(let outcome):
            finish(cell, outcome)
        }
    }

    /// Why a child run is cancelled when its parent does not want it any more.
    static let parentEnded = "its parent run ended"

    /// Ends a run in memory and tells whoever waits for it; the store is told when its result is sent and its mail handled.
    ///
    /// Called where the run's mail is handled.
    func finish(_ cell: RunCell, _ outcome: RunOutcome) {
        registry.end(cell.id)
        if settlement.isImmediate { registry.keepEnded(cell.id) }
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
    private func sendResult(of cell: RunCell) {
        guard let ending = cell.ending else { return }
        guard let callback = cell.labels?.callback, let send = resultSender else {
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
