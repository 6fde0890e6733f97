import Primitives
import Rendezvous

/// What several threads did to one table, each line with the numbers between which it happened.
struct Recording: Sendable {
    /// One call and what it gave.
    struct Call: Sendable {
        let operation: Operation
        let tick: UInt64
        let outcome: Outcome
        /// The last number before the call, and after it.
        let low: UInt64
        let high: UInt64

        /// Whether a callback and a wait met, for good or not.
        var isMatch: Bool {
            switch outcome {
            case .arrival(.delivered), .matched: true
            default: false
            }
        }
    }

    /// A decision of time.
    struct Late: Sendable {
        let expiry: Expiry
        let tick: UInt64
    }

    /// Decisions taken back, newest first, with what was committed by then.
    struct Failure: Sendable {
        let first: UInt64
        let committed: UInt64
        let undone: [UInt64]
    }

    var calls: [Call] = []
    var late: [Late] = []
    var failures: [Failure] = []
}

extension Recording {
    /// Plays the recording to the model in the order of the numbers; the first difference in words, or nil.
    ///
    /// A call that made no decision must give what it gave at some moment between its start and its end.
    func difference(from model: inout TableModel, last: UInt64) -> String? {
        var decided: [UInt64: Call] = [:]
        var undecided: [UInt64: [Call]] = [:]
        for call in calls {
            if let number = call.outcome.number {
                decided[number] = call
            } else {
                undecided[call.low, default: []].append(call)
            }
        }
        let lateByNumber = Dictionary(uniqueKeysWithValues: late.map { ($0.expiry.number, $0) })
        var failures = failures[...]
        var position: UInt64 = 0
        var open: [Call] = []
        for number in 0...last {
            if number > 0 {
                let step = decided[number].map { Self.replay($0, number, &model) }
                let lateStep = lateByNumber[number].map { Self.replay($0, number, &model) }
                guard let result = step ?? lateStep else { return "nobody made \(number)" }
                if let result { return result }
            }
            open += undecided[number] ?? []
            open.removeAll { Self.fits($0, model) }
            while let failure = failures.first, max(position, failure.undone[0]) == number {
                failures.removeFirst()
                position = number
                model.commit(through: failure.committed)
                let undone = model.fail(from: max(failure.first, failure.committed + 1))
                guard undone == failure.undone else { return "undone \(failure), not \(undone)" }
                open.removeAll { Self.fits($0, model) }
            }
            if let wrong = open.first(where: { $0.high <= number }) {
                return "no moment fits \(wrong)"
            }
        }
        return failures.isEmpty ? nil : "a failure has no place"
    }

    private static func replay(
        _ call: Call,
        _ number: UInt64,
        _ model: inout TableModel
    )
        -> String?
    {
        let expected = model.apply(call.operation, tick: call.tick)
        return expected == call.outcome ? nil : "\(number): \(call), the model says \(expected)"
    }

    private static func replay(
        _ late: Late,
        _ number: UInt64,
        _ model: inout TableModel
    )
        -> String?
    {
        switch late.expiry {
        case .timedOut(let id, _):
            guard let wait = model.state.waits[id], wait.deadline <= late.tick else {
                return "\(number): \(id) timed out"
            }
            _ = model.close(id, TableModel.Mark.ending(.timedOut), late.tick)
        case .unfetched(let record, _, _):
            guard model.giveUp(record.tag, by: late.tick) else {
                return "\(number): held \(record.tag) given up"
            }
        }
        return model.number == number ? nil : "\(number): the model is at \(model.number)"
    }

    private static func fits(_ call: Call, _ model: TableModel) -> Bool {
        var probe = model
        probe.history = []
        return probe.apply(call.operation, tick: call.tick) == call.outcome
    }
}
