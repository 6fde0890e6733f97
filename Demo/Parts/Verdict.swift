internal import JSONWire
internal import Primitives

/// What the demo expected and what it got; any thread adds to it.
final class Verdict: Sendable {
    private let entries = SleepingLock([(what: String, problem: String?)]())

    /// Notes whether something is as expected; `problem` says what it was instead.
    func expect(_ what: String, _ holds: Bool, otherwise problem: @autoclosure () -> String) {
        let problem = holds ? nil : problem()
        entries.withLock { $0.append((what, problem)) }
    }

    /// Notes whether two JSON values are the same.
    func expect(_ what: String, _ value: JSONValue?, equals expected: JSONValue) {
        expect(
            what,
            value == expected,
            otherwise: "\(value?.jsonText ?? "nothing") instead of \(expected.jsonText)"
        )
    }

    /// Notes that something could not be done at all.
    func fail(_ what: String, _ error: any Error) {
        expect(what, false, otherwise: "\(error)")
    }

    /// Prints every expectation; true when there is one at least and all of them held.
    func conclude() -> Bool {
        let entries = inOrder(entries.withLock { $0 })
        for (what, problem) in entries {
            if let problem {
                Terminal.say("  " + Terminal.paint("✗ \(what): \(problem)", .red))
            } else {
                Terminal.say("  " + Terminal.paint("✓", .green) + " \(what)")
            }
        }
        let broken = entries.count { $0.problem != nil }
        Terminal.say("\n\(entries.count - broken) of \(entries.count) expectations held.")
        return broken == 0 && !entries.isEmpty
    }

    /// Groups expectations by their story, in the order of the stories; the others come last.
    private func inOrder(
        _ entries: [(what: String, problem: String?)]
    ) -> [(what: String, problem: String?)] {
        let names = Story.all.map { $0.name + ": " }
        let groups = names.map { name in entries.filter { $0.what.hasPrefix(name) } }
        let others = entries.filter { entry in !names.contains { entry.what.hasPrefix($0) } }
        return groups.flatMap { $0 } + others
    }
}
