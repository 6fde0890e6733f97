internal import Primitives

/// What happened, line by line, as it happens; any thread adds to it.
final class Timeline: Sendable {
    /// When it began; whoever holds it prints.
    private let start = SleepingLock(Instant.now())

    /// Prints one line.
    ///
    /// - Parameters:
    ///   - run: The run's name.
    ///   - step: The step, or empty for the run itself.
    ///   - event: What happened, in a word or two.
    ///   - colour: How it is to look.
    ///   - details: The rest.
    func add(
        _ run: String,
        _ step: String,
        _ event: String,
        _ colour: Terminal.Colour,
        _ details: String
    ) {
        start.withLock { start in
            let milliseconds = Instant.now().since(start).count / 1_000_000
            let fraction = String(1000 + milliseconds % 1000).dropFirst()
            let time = "\(milliseconds / 1000).\(fraction)"
            let columns = [
                Terminal.paint(Terminal.pad("\(time)", 6), .grey), Terminal.pad(run, 10),
                Terminal.pad(step, 8), Terminal.paint(Terminal.pad(event, 17), colour), details,
            ]
            Terminal.say("  " + columns.joined(separator: "  "))
        }
    }
}
