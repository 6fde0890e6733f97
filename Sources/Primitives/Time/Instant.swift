internal import CPrimitives

/// A moment of the machine's monotonic clock: what every deadline inside the process is measured with.
@usableFromInline
package struct Instant: Sendable, Hashable, Comparable {
    /// Nanoseconds since an arbitrary start.
    @usableFromInline package var nanoseconds: UInt64

    /// Makes a moment from nanoseconds of the monotonic clock.
    @inlinable
    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The present moment, from CLOCK_MONOTONIC; about 20 ns.
    package static func now() -> Instant {
        Instant(nanoseconds: sluice_monotonic_ns())
    }

    /// This moment moved by `duration`, held inside the representable range.
    @inlinable
    package func advanced(by duration: Nanoseconds) -> Instant {
        if duration.count < 0 {
            let back = duration.count.magnitude
            return Instant(nanoseconds: nanoseconds >= back ? nanoseconds - back : 0)
        }
        let (sum, overflow) = nanoseconds.addingReportingOverflow(UInt64(duration.count))
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// How long it is from `earlier` to this moment; negative where `earlier` is later.
    @inlinable
    package func since(_ earlier: Instant) -> Nanoseconds {
        if nanoseconds >= earlier.nanoseconds {
            return Nanoseconds(Int64(clamping: nanoseconds - earlier.nanoseconds))
        }
        return Nanoseconds(-Int64(clamping: earlier.nanoseconds - nanoseconds))
    }

    @inlinable
    package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

/// A length of time in nanoseconds: the one unit all durations of the configuration end in.
@usableFromInline
package struct Nanoseconds: Sendable, Hashable, Comparable {
    /// The count of nanoseconds; may be negative.
    @usableFromInline package var count: Int64

    /// Makes a duration from a count of nanoseconds.
    @inlinable
    package init(_ count: Int64) {
        self.count = count
    }

    /// A duration of whole milliseconds, held inside the representable range.
    @inlinable
    package static func milliseconds(_ count: Int64) -> Nanoseconds {
        Nanoseconds(saturating: count, times: 1_000_000)
    }

    /// A duration of whole seconds, held inside the representable range.
    @inlinable
    package static func seconds(_ count: Int64) -> Nanoseconds {
        Nanoseconds(saturating: count, times: 1_000_000_000)
    }

    /// This duration in whole milliseconds, rounded up so that a wait is never shorter than asked.
    @inlinable
    package var millisecondsRoundedUp: Int64 {
        count <= 0 ? 0 : (count - 1) / 1_000_000 + 1
    }

    @inlinable
    package static func < (left: Nanoseconds, right: Nanoseconds) -> Bool {
        left.count < right.count
    }

    @inlinable
    init(saturating count: Int64, times factor: Int64) {
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        self.count = overflow ? (count < 0 ? .min : .max) : product
    }
}

/// Whole milliseconds since some start: what timer wheels count in.
@usableFromInline
package enum Tick {
    /// The first tick at or after a moment.
    @inlinable
    package static func roundedUp(_ moment: Instant, since start: Instant) -> UInt64 {
        guard moment.nanoseconds > start.nanoseconds else { return 0 }
        return (moment.nanoseconds - start.nanoseconds - 1) / 1_000_000 + 1
    }

    /// The last tick at or before a moment.
    @inlinable
    package static func roundedDown(_ moment: Instant, since start: Instant) -> UInt64 {
        guard moment.nanoseconds > start.nanoseconds else { return 0 }
        return (moment.nanoseconds - start.nanoseconds) / 1_000_000
    }

    /// The moment of a tick, held inside the representable range.
    @inlinable
    package static func instant(_ tick: UInt64, since start: Instant) -> Instant {
        let (length, overflow) = tick.multipliedReportingOverflow(by: 1_000_000)
        let (sum, overflows) = start.nanoseconds.addingReportingOverflow(length)
        return Instant(nanoseconds: overflow || overflows ? .max : sum)
    }
}
