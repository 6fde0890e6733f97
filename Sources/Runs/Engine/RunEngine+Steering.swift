package import JSONWire
internal import Journal
package import Primitives
internal import Workflows

/// What people ask of runs: it is answered when it is stored, and has not happened where it cannot be.
extension RunEngine {
    /// Is told what became of what was asked; on any thread.
    package typealias Told = @Sendable (SteeringOutcome) -> Void

    /// Asks a run to end now.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - reason: Why, for those who look at it.
    ///   - then: Told once it is stored, or never will be.
    /// - Returns: False where it is not in memory or ended already; then nobody is told.
    @discardableResult
    package func cancel(
        _ run: UUIDv7,
        reason: String,
        then: @escaping Told = { _ in }
    ) -> Bool {
        guard let cell = registry.find(run), !cell.status.isFinished else { return false }
        cell.send(.asked(.cancel(reason: reason), then))
        return true
    }

    /// Answers what a run asks a person.
    ///
    /// - Parameters:
    ///   - cell: The run.
    ///   - interrupt: The question's id.
    ///   - value: The answer; nil goes on unchanged.
    ///   - then: Told once it is stored, or never will be.
    package func answer(
        _ cell: RunActor,
        interrupt: String,
        _ value: JSONValue?,
        then: @escaping Told
    ) {
        cell.send(.asked(.answered(interrupt: interrupt, value), then))
    }

    /// Lets a failed run go on from its failed step.
    ///
    /// - Parameters:
    ///   - run: The run, in memory.
    ///   - then: Told once it is stored and the run goes on, or never will.
    package func retry(_ run: UUIDv7, then: @escaping Told) {
        guard let cell = registry.find(run), cell.parent == nil else { return then(.notFailed) }
        if let reason = commit.refusal {
            return then(.refused(.journalUnavailable(reason)))
        }
        guard registry.reserve(1) else { return then(.refused(.tooManyRuns)) }
        guard cell.beginReopening() else {
            registry.release()
            guard cell.isFailing else { return then(.notFailed) }
            // It has failed, as people see, and nobody was told yet: it can go on from there.
            return cell.whenEnded { [self] _ in retry(run, then: then) }
        }
        let stamp = freshStamp()
        // From here on newer runs do not push it out.
        guard registry.reopen(cell), let record = commit.prepare(.advanced(run, .retry, stamp))
        else {
            stayOver(cell)
            return then(.notStored(under: nil))
        }
        commit.append(record) { [self] isCommitted, number in
            guard isCommitted else {
                stayOver(cell)
                return then(.notStored(under: number))
            }
            cell.reopen()
            places?.add(run, startedBy: nil)
            cell.send(.settled(.retry, stamp, number: number))
            cell.send(.told { then(.stored) })
        }
    }

    /// Leaves a run over that was to go on: its end is noted again, and it may be pushed out of memory.
    private func stayOver(_ cell: RunActor) {
        registry.release()
        cell.stayOver()
        cell.send(.placed)
    }

    /// Has what somebody asked of a run settled; it is not kept where it cannot be.
    func settle(_ event: RunEvent, of cell: RunActor, then: @escaping Told) {
        if cell.status.isFinished { return then(.over) }
        let event = redaction.event(event)
        let stamp = freshStamp()
        guard let record = commit.prepare(.advanced(cell.id, event, stamp)) else {
            return then(.tooLarge)
        }
        cell.beginSettling()
        commit.append(record) { isCommitted, number in
            cell.endSettling()
            guard isCommitted else {
                // It may have nothing left to do: that is seen when it looks.
                cell.send(.placed)
                return then(.notStored(under: number))
            }
            cell.send(.settled(event, stamp, number: number))
            cell.send(.told { then(.stored) })
        }
    }
}
