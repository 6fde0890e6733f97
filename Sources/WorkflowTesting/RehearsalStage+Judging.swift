internal import Documents
internal import JSONWire
internal import Primitives
internal import Workflows

extension RehearsalStage {
    /// Compares what came of the run with what is expected.
    mutating func judge(_ machine: RunMachine?) {
        guard let outcome = machine?.outcome else {
            if !isStopped { differs("the run does not end: \(standing(machine))") }
            return
        }
        switch (outcome, script.expectation) {
        case (.completed, .completion): tell("completed")
        case (.completed(let output), .output(let expected)):
            tell("completed")
            let found = Likeness.differences(
                expected: expected,
                found: output,
                path: "output",
                isExact: true
            )
            for difference in found { differs(difference) }
        case (.completed(let output), .failure):
            differs("the run completed, and it should fail; output: \(Likeness.shown(output))")
        case (.failed(let failure), .failure(let expected)): compare(failure, expected)
        case (.failed(let failure), _): differs("the run failed: \(Self.text(of: failure))")
        case (.cancelled(let reason), _): differs("the run was cancelled: \(reason)")
        }
        for (place, exchange) in script.exchanges.enumerated() {
            tellUnused(exchange, uses: uses[place])
        }
        for callback in held {
            let key = String(decoding: callback.key, as: UTF8.self)
            differs("no step waited for the callback with the key `\(key)`")
        }
    }

    private mutating func tellUnused(_ exchange: RehearsalScript.Exchange, uses: Int) {
        guard let times = exchange.times, uses < times else { return }
        let name = "request \(exchange.number) (\(exchange.position.description))"
        differs(
            uses == 0
                ? "\(name) was never sent"
                : "\(name) was sent \(uses) times, expected \(times)"
        )
    }

    private mutating func compare(_ failure: RunFailure, _ expected: JSONObject) {
        tell("failed: \(Self.text(of: failure))")
        var found = JSONObject()
        found["code"] = .string(failure.code.rawValue)
        found["step"] = failure.step.map(JSONValue.string)
        found["component"] = failure.component.map(JSONValue.string)
        found["attempt"] = failure.attempt.map { .integer(Int64(clamping: $0)) }
        for member in expected.members where member.name != "message" {
            let differences = Likeness.differences(
                expected: member.value,
                found: found[member.name] ?? .null,
                path: "error.\(member.name)",
                isExact: true
            )
            for difference in differences { differs(difference) }
        }
        if let part = expected["message"]?.string, !failure.message.contains(part) {
            differs(
                "error.message: expected one that contains `\(part)`, found `\(failure.message)`"
            )
        }
    }

    /// Why nothing goes on.
    private func standing(_ machine: RunMachine?) -> String {
        guard let state = machine?.state else { return "it did not begin" }
        let waits = state.waiting.map { wait in
            "step \(wait.step) waits for a callback with the key \(wait.keys.joined(separator: " or "))"
        }
        return waits.isEmpty ? "it is \(state.status.rawValue)" : waits.joined(separator: ", ")
    }

    private static func text(of failure: RunFailure) -> String {
        let step = failure.step.map { " in step \($0)" } ?? ""
        return "\(failure.code.rawValue)\(step): \(failure.message)"
    }
}
