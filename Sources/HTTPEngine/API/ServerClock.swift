internal import Loops
package import Primitives
internal import Synchronization

/// Where a server takes the time from: the loops' own clock, or one that a test moves.
package enum ServerClock: Sendable {
    /// The time at the start of the loop's turn.
    case loops
    /// A time that moves only when it is told to.
    case manual(ManualClock)

    func now(_ loop: EventLoop) -> Instant {
        switch self {
        case .loops: loop.now
        case .manual(let clock): clock.now
        }
    }
}

/// A clock that stands still until it is advanced.
///
/// May be used on any thread.
package final class ManualClock: Sendable {
    private let time = Atomic<UInt64>(1_000_000_000)

    /// Makes a clock.
    package init() {}

    /// The time it shows.
    package var now: Instant { Instant(nanoseconds: time.load(ordering: .acquiring)) }

    /// Moves it on; a negative duration does nothing.
    package func advance(by duration: Nanoseconds) {
        time.wrappingAdd(UInt64(max(0, duration.count)), ordering: .acquiringAndReleasing)
    }
}
