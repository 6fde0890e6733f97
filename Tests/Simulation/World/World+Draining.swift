import Executor
import Primitives
import Rendezvous
import Workflows

@testable import Runs

/// The end of a schedule: nothing goes wrong any more, everything is answered, time passes, and all must come to its end.
extension World {
    private static let roundsMax = 3_000
    private static let jobsMax = 20_000

    /// Lets everything end, and checks that it has.
    func drain() {
        var hasAnswered = false
        for _ in 0..<Self.roundsMax {
            guard violation == nil else { return }
            step += 1
            // Where ended runs do not stay in memory, people look at them while the store is behind.
            store.damaged = []
            let isLagging = executor.endedRunsMax == 1
            if isLagging { look() }
            settleAll(absorbing: isLagging ? draw(4) : .max)
            checkWhereQuiet()
            if !life.surroundings.flights.isEmpty {
                answerCall(failing: false)
            } else if isAnybodyAsking, !hasAnswered {
                // A run that has no place hears the answer later.
                hasAnswered = true
                answerQuestions(all: true)
            } else if let next = nextMoment {
                hasAnswered = false
                passTime(max(1, next))
            } else if store.isBehind {
                store.absorb(.max)
            } else {
                return checkEnd()
            }
        }
        violate("the schedule does not come to its end")
    }

    /// Has the journal take all, and every run handle its mail.
    func settleAll(absorbing countMax: Int = .max) {
        life.endTurn()
        life.journal.recover {}
        var jobs = 0
        repeat {
            while !life.isIdle {
                life.pool.doOne(0)
                jobs += 1
                guard jobs < Self.jobsMax else {
                    return violate("runs move on and on by themselves")
                }
            }
            life.journal.commit(.max)
            jobs += 1
        } while jobs < Self.jobsMax && (!life.isIdle || life.journal.waitingCount > 0)
        store.absorb(countMax)
    }

    private var isAnybodyAsking: Bool {
        ledger.shadows.values.contains { !$0.isOver && !$0.machine.state.interrupts.isEmpty }
    }

    /// In how many milliseconds something is due; nil where nothing waits for its time.
    private var nextMoment: Int64? {
        let counts = life.table.counts
        let timer = life.surroundings.timers.values.min().map { $0 - time }
        let alarm = life.surroundings.alarms.map(\.due).min().map { $0 - time }
        let deadline =
            counts.waiters + counts.held > 0
            ? life.table.nextDeadline().map { $0.since(now).millisecondsRoundedUp } : nil
        return [timer, alarm, deadline].compactMap { $0 }.min()
    }

    private func checkEnd() {
        compareRuns(ledger.order)
        for id in ledger.order where ledger.shadows[id]?.isOver != true {
            violate("the run \(id.text) never ends")
        }
        if life.table.counts.waiters > 0 { violate("a wait never ends") }
        if life.engine.archive?.wantedCount != 0 { violate("a run is never read") }
        if life.engine.registry.activeCount != 0 {
            violate("\(life.engine.registry.activeCount) places of runs are not given back")
        }
        for (index, letter) in letters.enumerated() where letter.isAcknowledged {
            guard let fate = ledger.fates[index], fate.deliveredCount > 0 || fate.isGivenUp else {
                violate("letter \(index) was acknowledged, and nobody has it")
                continue
            }
        }
    }
}
