import Configuration
import Journal
import Primitives
import Rendezvous
import Workflows

/// What each committed record must keep to.
extension World {
    /// Takes a committed record in.
    func note(_ record: JournalRecord, _ number: UInt64) {
        if number <= ledger.last { violate("the number \(number) comes after \(ledger.last)") }
        ledger.last = number
        switch record {
        case .began(let births, _): for birth in births { begin(birth) }
        case .delivered(let wait, let arrival, _):
            checkOldest(wait, of: arrival.callback.key)
            resume(wait, "delivered")
            deliver(arrival.callback)
        case .fetched(let wait, _, let callback, _):
            resume(wait, "fetched")
            fetch(callback)
        case .timedOut(let wait, _): resume(wait, "timed out")
        case .held(let arrival, _, _): hold(arrival.callback, number)
        case .unfetched(let held, _): giveUp(held)
        case .waiting(let wait, let keys, _):
            ledger.openWaits.insert(wait)
            for key in Set(keys) { register(wait, under: key) }
        case .keyAdded(let wait, let key): register(wait, under: key)
        case .ended(let wait, _, _): ledger.openWaits.remove(wait)
        case .finished(let run, _, _): finish(run)
        case .advanced, .received, .text: break
        }
        for (run, row) in record.runEvents {
            tally.events += 1
            guard ledger.shadows[run] != nil else {
                violate("an event of a run that never began: \(row.event)")
                continue
            }
            keys += ledger.shadows[run]?.take(row, life: lifeCount) ?? []
            ledger.touched.insert(run)
        }
    }

    /// A call is carried out: its event must be committed, and its outcome not be known.
    func callBegins(_ run: UUIDv7, _ attempt: AttemptRef, isFirst: Bool) {
        say("call of \(run.text.suffix(4)) \(attempt)")
        guard let shadow = ledger.shadows[run], shadow.calls.contains(attempt) else {
            return violate("a call left before its event was committed: \(run.text) \(attempt)")
        }
        if !isFirst { violate("a call was made twice in one life: \(run.text) \(attempt)") }
        if shadow.responded.contains(attempt) {
            violate("a call was made again whose outcome is known: \(run.text) \(attempt)")
        }
        if let life = shadow.calledBack[attempt], life < lifeCount {
            violate("a call was made again whose callback is committed: \(run.text) \(attempt)")
        }
    }

    private func begin(_ birth: RunBirth) {
        guard let plan = SamplePlans.configuration.plans.find(birth.workflow) else {
            return violate("a run of an unknown workflow")
        }
        if ledger.shadows[birth.id] != nil { violate("a run began twice: \(birth.id.text)") }
        if let parent = birth.parent,
            ledger.shadows[parent]?.children.contains(birth.id) != true
        {
            violate("a child run began before its parent's event was committed")
        }
        ledger.shadows[birth.id] = Shadow(
            machine: RunMachine(plan: plan, id: birth.id),
            parent: birth.parent
        )
        ledger.order.append(birth.id)
    }

    private func register(_ wait: WaitID, under key: WaitKey) {
        ledger.waiters[key, default: []].append(wait)
        if ledger.shadows[wait.run]?.waits.contains(AttemptRef(wait)) != true {
            violate("a wait was registered before its event was committed: \(wait)")
        }
    }

    /// Of those who wait for a key, whoever was given it first gets the callback.
    private func checkOldest(_ wait: WaitID, of key: WaitKey) {
        let waiters = ledger.waiters[key, default: []].filter(ledger.openWaits.contains)
        ledger.waiters[key] = waiters
        if let oldest = waiters.first, oldest != wait {
            violate("\(Telling.of(wait)) got the callback of \(Telling.of(oldest)), which is older")
        }
    }

    /// The end of a run is noted: after a crash nobody would take up again what is not ended.
    private func finish(_ run: UUIDv7) {
        if ledger.shadows[run]?.isOver != true {
            violate("the end of a run was noted that has not ended: \(run.text)")
        }
        if let wait = ledger.openWaits.first(where: { $0.run == run }) {
            violate("the end of a run was noted before that of its wait: \(Telling.of(wait))")
        }
    }

    private func resume(_ wait: WaitID, _ how: String) {
        ledger.openWaits.remove(wait)
        if !ledger.resumed.insert(wait).inserted {
            violate("a wait was ended a second time (\(how)): \(wait.run.text) \(AttemptRef(wait))")
        }
    }

    private func deliver(_ callback: CallbackRecord) {
        guard let index = letter(of: callback) else { return }
        ledger.fates[index, default: Ledger.Fate()].deliveredCount += 1
        if ledger.fates[index]?.deliveredCount ?? 0 > 1, !letters[index].mayRepeat {
            violate("letter \(index) was delivered twice")
        }
    }

    private func fetch(_ callback: CallbackRecord) {
        guard let index = letter(of: callback) else { return }
        guard let number = ledger.fates[index]?.heldUnder else {
            return violate("letter \(index) was fetched, and was not held")
        }
        ledger.heldLetters[number] = nil
        ledger.fates[index]?.heldUnder = nil
        deliver(callback)
    }

    private func hold(_ callback: CallbackRecord, _ number: UInt64) {
        guard let index = letter(of: callback) else { return }
        if ledger.fates[index]?.heldUnder != nil { violate("letter \(index) is held twice") }
        if ledger.fates[index]?.deliveredCount ?? 0 > 0, !letters[index].mayRepeat {
            violate("letter \(index) is held though it was delivered")
        }
        ledger.fates[index, default: Ledger.Fate()].heldUnder = number
        ledger.heldLetters[number] = index
    }

    private func giveUp(_ number: UInt64) {
        guard let index = ledger.heldLetters.removeValue(forKey: number) else {
            return violate("what was not held was given up")
        }
        ledger.fates[index]?.heldUnder = nil
        ledger.fates[index]?.isGivenUp = true
    }
}
