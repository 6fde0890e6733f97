import JSONWire
import Primitives
import Runs
import Workflows

/// What people ask of runs, and what they are told.
extension World {
    /// Asks a run to end.
    func cancel() {
        guard let run = pick(ledger.order) else { return }
        say("cancel \(run.text.suffix(4))")
        ask("the cancel of \(run.text)") { [unowned self] in
            ledger.shadows[run]?.isCancelled == true
        } by: { told in
            life.engine.cancel(run, reason: "no more", then: told)
        }
    }

    /// Lets a failed run go on.
    func retry() {
        let failed = ledger.order.filter { ledger.shadows[$0]?.hasFailed == true }
        guard let run = pick(failed) else { return }
        say("retry \(run.text.suffix(4))")
        let before = ledger.shadows[run]?.retryCount ?? 0
        ask("the retry of \(run.text)") { [unowned self] in
            ledger.shadows[run]?.retryCount ?? 0 > before
        } by: { told in
            life.engine.retry(run, then: told)
        }
    }

    /// Answers what runs ask.
    func answerQuestions(all: Bool) {
        for id in ledger.order {
            guard let shadow = ledger.shadows[id], !shadow.isOver else { continue }
            guard all || chance(1, in: 2) else { continue }
            for question in shadow.machine.state.interrupts {
                say("answer \(question.id) of \(id.text.suffix(4))")
                ask("the answer to \(id.text)") { [unowned self] in
                    ledger.shadows[id]?.answered.contains(question.id) == true
                } by: { [engine = life.engine] told in
                    engine.find(id, patience: .untilReadable) { [weak engine] in
                        guard let cell = $0.cell else { return }
                        engine?.answer(cell, interrupt: question.id, .null, then: told)
                    }
                }
            }
        }
    }

    /// Asks something, and checks when it is said to be stored that the disk has it.
    private func ask(
        _ what: String,
        isStored: @escaping @Sendable () -> Bool,
        by act: (@escaping RunEngine.Told) -> Void
    ) {
        act { [unowned self] outcome in
            guard case .stored = outcome else { return }
            if !isStored() { violate("\(what) was acknowledged and is not on the disk") }
        }
        guard sabotage == .tellsBeforeStored else { return }
        if !isStored() { violate("\(what) was acknowledged and is not on the disk") }
    }
}
