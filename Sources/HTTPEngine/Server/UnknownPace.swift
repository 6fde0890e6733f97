internal import Primitives

/// How many requests for unknown paths are written down in a second: scanners send many, and none of them matters much.
///
/// On any thread.
final class UnknownPace: Sendable {
    /// The present second.
    private struct State: Sendable {
        var second: Int64 = 0
        var count = 0
        var skipped = 0
    }

    private let state = Lock(State())

    /// Counts one; false where it is one too many.
    func takes(_ now: WallTime) -> Bool {
        let present = now.milliseconds / 1000
        return state.withLock { state in
            if present != state.second { (state.second, state.count) = (present, 0) }
            guard state.count < Site.unknownPerSecondMax else {
                state.skipped += 1
                return false
            }
            state.count += 1
            return true
        }
    }

    /// How many were too many since this was asked for the last time.
    func takeSkipped() -> Int {
        state.withLock { state in
            defer { state.skipped = 0 }
            return state.skipped
        }
    }
}
