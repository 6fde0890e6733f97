internal import Journal
internal import Primitives
internal import Rendezvous
internal import Workflows

/// What happens to a run, from its mail to the effects.
extension RunEngine {
    /// Handles a run's mail; called by its mailbox only.
    func handle(_ mail: [RunActor.Message], of id: UUIDv7) {
        guard !isResting, let cell = registry.find(id) else { return }
        let admitted = places?.admit(mail, of: id) ?? mail
        defer { giveBackPlace(of: cell) }
        let pieces = admitted.span
        for index in pieces.indices { handle(pieces[index], of: cell) }
        keeper.noteStandstill(of: cell, after: admitted, in: self)
    }

    private func handle(_ mail: RunActor.Message, of cell: RunActor) {
        switch mail {
        case .placed, .decided: break
        case .event(let event): journal(redaction.event(event), of: cell)
        case .asked(let event, let told): settle(event, of: cell, then: told)
        case .settled(let event, let stamp, let number): advance(cell, event, stamp, number)
        case .callback(let attempt, let callback, let stamp, let number):
            table.forgetRoom(cell.waitID(attempt))
            advance(cell, .callback(attempt, callback.outcome), stamp ?? freshStamp(), number)
        case .unsettled, .undone, .endUnnoted: keep(mail, of: cell)
        case .journalRecovered: repeatKept(of: cell)
        case .resume(let resumption): resume(cell, resumption)
        case .childUnknown(let effect): beginChild(effect, of: cell)
        case .reached(let tell): tellWhenSettled(tell, of: cell)
        case .passed(let tell), .told(let tell): tell()
        case .resultSent(let end): cell.wantEndNoted(end)
        }
    }

    /// Moves a run by an event that is settled, and carries out what follows.
    private func advance(
        _ cell: RunActor,
        _ event: RunEvent,
        _ stamp: Stamp,
        _ number: UInt64
    ) {
        if case .waitExpired(let attempt) = event { table.forgetRoom(cell.waitID(attempt)) }
        carryOut(cell.apply(event, stamp: stamp, number: number), of: cell)
    }

    /// Has an event settled; it moves the run when it is.
    private func journal(_ event: RunEvent, of cell: RunActor) {
        let stamp = freshStamp()
        // What came before and could not be journaled goes first.
        if cell.keepsMail { return cell.keep(.unsettled(event)) }
        let fits = commit.follow(.advanced(cell.id, event, stamp)) {
            advance(cell, event, stamp, 0)
        } later: {
            cell.beginSettling()
            return { isCommitted, number in
                if isCommitted { cell.endSettling() }
                cell.send(
                    isCommitted ? .settled(event, stamp, number: number) : .unsettled(event)
                )
            }
        }
        if !fits { journal(event.tooLarge, of: cell) }
    }

    /// Keeps what the journal could not take until it does; only from now on it is not on its way any more, so that the
    /// run never looks as if it had nothing left to do.
    private func keep(_ mail: RunActor.Message, of cell: RunActor) {
        cell.keep(mail)
        if case .endUnnoted = mail {} else { cell.endSettling() }
        blocked.withLock { _ = $0.insert(cell.id) }
        // It may have recovered in between, and will not tell again.
        if commit.refusal == nil { repeatKept(of: cell) }
    }

    /// Has every run repeat what the journal could not take; called when it takes records again.
    package func journalRecovered() {
        let runs = blocked.withLock { blocked in
            defer { blocked = [] }
            return blocked
        }
        for run in runs.sorted() { registry.find(run)?.send(.journalRecovered) }
    }

    private func repeatKept(of cell: RunActor) {
        for mail in cell.takeKept() {
            switch mail {
            case .unsettled(let event): journal(event, of: cell)
            case .undone(let effect): carryOutAgain(effect, of: cell)
            case .endUnnoted(let end): cell.wantEndNoted(end)
            default: break
            }
        }
    }

    private func tellWhenSettled(_ tell: @escaping @Sendable () -> Void, of cell: RunActor) {
        // All that was sent before has a number by now.
        commit.whenSettled(table.lastNumber) { _ in cell.send(.passed(tell)) }
    }

    /// Lets the next run work where this one rests.
    private func giveBackPlace(of cell: RunActor) {
        guard let places else { return }
        let (isResting, isOver) = cell.rest
        guard isResting else { return }
        for next in places.rest(cell.id, isOver: isOver) { registry.find(next)?.send(.placed) }
    }
}

extension RunEvent {
    /// What happens in the place of an event that is too large to be journaled: its call has failed.
    fileprivate var tooLarge: RunEvent {
        let message = "what came back is too large to be stored"
        return switch self {
        case .responded(let attempt, _):
            .responded(attempt, .failure(CallFailure(code: .stateTooLarge, message: message)))
        case .childEnded(let attempt, _):
            .childEnded(attempt, .failed(RunFailure(code: .stateTooLarge, message: message)))
        default: .cancel(reason: message)
        }
    }
}
