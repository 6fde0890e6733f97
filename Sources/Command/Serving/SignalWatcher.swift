internal import Loops
internal import Platform
internal import Synchronization

/// Turns SIGINT and SIGTERM into a graceful end, and the second of them into an end at once; SIGHUP into a call of its own.
final class SignalWatcher: Sendable {
    private let group: LoopGroup

    /// A signal that ends the process.
    struct Signal: Sendable {
        /// Its number.
        let number: Int32

        /// Its name.
        var name: String { number == SignalWatcher.interrupt ? "SIGINT" : "SIGTERM" }
        /// The exit code of a program that it ended, as shells have it.
        var exitCode: Int32 { 128 + number }
    }

    /// Begins to watch; the watch ends with the process.
    ///
    /// - Parameters:
    ///   - exitCode: The exit code of an end at once; nil takes the signal's own.
    ///   - onHangup: Called at each SIGHUP; nil leaves that its usual effect.
    ///   - onFirst: Called once, on a thread of its own, with the first signal.
    /// - Throws: When a signal cannot be caught.
    init(
        exitCode: Int32? = nil,
        onHangup: (@Sendable () -> Void)? = nil,
        onFirst: @escaping @Sendable (Signal) -> Void
    ) throws {
        group = try LoopGroup(threads: 1, name: "signals")
        let seen = SeenCount()
        try group.onEach { loop in
            _ = try loop.onSignal([Self.interrupt, Self.terminate]) { number in
                let signal = Signal(number: number)
                if seen.next() > 1 { ProcessState.exit(exitCode ?? signal.exitCode) }
                onFirst(signal)
            }
            if let onHangup { _ = try loop.onSignal([Self.hangup]) { _ in onHangup() } }
        }
    }

    private static let hangup: Int32 = 1
    fileprivate static let interrupt: Int32 = 2
    private static let terminate: Int32 = 15

    /// Counts the signals.
    private final class SeenCount: Sendable {
        private let count = Atomic(0)

        func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
    }
}
