import Listeners
import Primitives
import Rendezvous
import Runs
import Workflows

/// What must hold whenever nothing is on its way.
extension World {
    /// Checks what can be checked now.
    func checkWhereQuiet() {
        guard violation == nil, life.isIdle else { return }
        tally.checks += 1
        // A run without a place handles its mail later.
        guard executor.concurrentRunsMax == 0 else { return }
        compareRuns(ledger.touched)
        ledger.touched = []
        if life.isSettled { checkTable() }
    }

    /// Whether what is in memory is what the committed events alone make.
    func compareRuns(_ ids: some Sequence<UUIDv7>) {
        for id in ids {
            guard let shadow = ledger.shadows[id], let cell = life.engine.registry.find(id) else {
                continue
            }
            if let difference = shadow.machine.state.difference(to: cell.view) {
                violate("the run \(id.text) is not what its committed events make: \(difference)")
            }
        }
    }

    /// The waiter table against the machines, and what is held against the disk.
    private func checkTable() {
        var expected: Set<WaitID> = []
        for id in ledger.order {
            guard let shadow = ledger.shadows[id], !shadow.isOver else { continue }
            expected.formUnion(shadow.openWaits(of: id))
        }
        var found: Set<WaitID> = []
        life.table.forEachOpenWait { found.insert($0.id) }
        if found != expected {
            let extra = found.subtracting(expected).map(Telling.of).sorted()
            let missing = expected.subtracting(found).map(Telling.of).sorted()
            violate(
                "the table and the runs differ: no run waits for \(extra), no wait for \(missing)"
            )
        }
        let counts = life.table.counts
        if counts.waiters != found.count {
            violate("the table counts \(counts.waiters) waits and has \(found.count)")
        }
        if counts.held != ledger.heldLetters.count {
            violate("the table holds \(counts.held), the disk \(ledger.heldLetters.count)")
        }
        for (number, index) in ledger.heldLetters {
            let letter = letters[index]
            let report = life.table.explain(
                WaitKey(channel: letter.endpoint.channel, bytes: letter.key)
            )
            if !report.held.contains(where: { $0.number == number }) {
                violate("letter \(index), held under \(number), is not held any more")
            }
        }
    }
}

extension RunState {
    /// Where two states of a run differ; nil where they do not.
    func difference(to other: RunState) -> String? {
        if status != other.status { return "\(status) and \(other.status)" }
        if output != other.output { return "the outputs" }
        if failure?.code != other.failure?.code || failure?.message != other.failure?.message {
            return "\(failure?.message ?? "no failure") and \(other.failure?.message ?? "none")"
        }
        if cancelReason != other.cancelReason { return "the reasons of the cancel" }
        if interrupts.map(\.id) != other.interrupts.map(\.id) { return "the questions" }
        let steps = zip(self.steps, other.steps)
        if self.steps.count != other.steps.count
            || !steps.allSatisfy({
                $0.name == $1.name && $0.status == $1.status && $0.attempt == $1.attempt
            })
        {
            return "the steps"
        }
        let waits = zip(waiting, other.waiting)
        if waiting.count != other.waiting.count
            || !waits.allSatisfy({
                $0.attempt == $1.attempt && $0.keys == $1.keys && $0.until == $1.until
            })
        {
            return "the waits"
        }
        return nil
    }
}
