internal import Loops
internal import Platform
internal import Synchronization

/// Turns SIGINT and SIGTERM into a graceful end, and the second of them into an end at once.
final class SignalWatcher: Sendable {
    private let group: LoopGroup

    /// Begins to watch; the watch ends with the process.
    ///
    /// - Parameter onFirst: Called once, on a thread of its own, with the first signal's name.
    /// - Throws: When a signal cannot be caught.
    init(onFirst: @escaping @Sendable (String) -> Void) throws {
        group = try LoopGroup(threads: 1, name: "signals")
        let seen = SeenCount()
        try group.onEach { loop in
            _ = try loop.onSignal([Self.interrupt, Self.terminate]) { number in
                if seen.next() > 1 { ProcessState.exit(1) }
                onFirst(number == Self.interrupt ? "SIGINT" : "SIGTERM")
            }
        }
    }

    private static let interrupt: Int32 = 2
    private static let terminate: Int32 = 15

    /// Counts the signals.
    private final class SeenCount: Sendable {
        private let count = Atomic(0)

        func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
    }
}
