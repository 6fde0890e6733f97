internal import Glibc
package import Primitives

/// The moment by which a test's wait has to be over.
package struct Deadline: Sendable {
    /// The moment itself, on the monotonic clock.
    package let moment: Instant

    /// A deadline this many seconds from now, longer where `SLUICE_PATIENCE` says how many times.
    package static func seconds(_ count: Int64) -> Deadline {
        Deadline(moment: .now().advanced(by: .seconds(count * patience)))
    }

    /// `make sanitize` sets it: what is built with a sanitizer runs several times slower.
    private static let patience: Int64 = {
        let text = unsafe getenv("SLUICE_PATIENCE").map { unsafe String(cString: $0) }
        return min(max(text.flatMap { Int64($0) } ?? 1, 1), 1_000)
    }()

    /// A deadline this many milliseconds from now.
    package static func milliseconds(_ count: Int64) -> Deadline {
        Deadline(moment: .now().advanced(by: .milliseconds(count)))
    }

    /// What a wait gets that names no deadline: 20 seconds from now, much more than a busy machine needs.
    package static var standard: Deadline { .seconds(20) }

    /// Whether the moment has come.
    package var hasPassed: Bool { Instant.now() >= moment }

    /// Milliseconds that are left, rounded up, never negative: what `poll` takes.
    package var millisecondsLeft: Int32 {
        Int32(clamping: moment.since(.now()).millisecondsRoundedUp)
    }
}
