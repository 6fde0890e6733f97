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
