package import Primitives
internal import Synchronization

/// The moments of ``RatePace`` for many clients or keys: as many as fit, and the ones not seen for the longest time go first.
///
/// On any thread; in parts with a lock of their own.
package final class RateTable: Sendable {
    private let hash: FoldHash
    private let parts: [Part]
    private let onForgotten: @Sendable (Int) -> Void
    private let forgotten = Atomic<Int>(0)

    /// The most clients or keys that are remembered.
    package static let countMax = 100_000
    private static let partsCount = 16

    /// Makes an empty table.
    ///
    /// `onForgotten` hears how many went, after the first and whenever there are twice as many; on the thread of a request.
    package init(
        countMax: Int = RateTable.countMax,
        onForgotten: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.onForgotten = onForgotten
        var source = SystemRandomNumberGenerator()
        hash = FoldHash(key: (source.next(), source.next()))
        let share = max(1, countMax / Self.partsCount)
        parts = (0..<Self.partsCount).map { _ in Part(countMax: share) }
    }

    /// How many went because there were too many: each of them begins anew.
    package var forgottenCount: Int { forgotten.load(ordering: .relaxed) }

    /// How many are remembered.
    package var count: Int {
        parts.reduce(0) { $0 + $1.row.withLock { $0.count } }
    }

    /// Takes a request of somebody; nil where it conforms, else the time until one would.
    ///
    /// `rule` tells apart what different rules know of the same one.
    /// - Complexity: O(1) and the bytes of `name`.
    func take(
        _ name: Span<UInt8>,
        rule: UInt32,
        _ pace: RatePace,
        at now: Instant
    ) -> Nanoseconds? {
        let nothing: [UInt8] = []
        let print = hash.hash(rule, name, nothing.span)
        let part = parts[Int(truncatingIfNeeded: print.low % UInt64(Self.partsCount))]
        let (wait, isCrowded) = part.row.withLock { $0.take(print, pace, at: now) }
        if isCrowded {
            let count = forgotten.wrappingAdd(1, ordering: .relaxed).newValue
            if count & (count - 1) == 0 { onForgotten(count) }
        }
        return wait
    }

    /// Takes a request by a rule; see ``take(_:rule:_:at:)``.
    package func take(
        _ name: Span<UInt8>,
        rule number: UInt32,
        _ rule: RateRule,
        at now: Instant
    ) -> Nanoseconds? {
        take(name, rule: number, RatePace(rule), at: now)
    }

    /// One part under its lock.
    private final class Part: Sendable {
        let row: Lock<RecentRow>

        init(countMax: Int) {
            row = Lock(RecentRow(countMax: countMax))
        }
    }
}

/// Moments by fingerprint, in the order of their last use.
struct RecentRow: Sendable {
    /// What is known of one.
    private struct Item {
        var print: Fingerprint
        var over: Instant
        /// The one used next after this; itself's place where there is none.
        var newer: Int
        /// The one used last before this.
        var older: Int
    }

    private var places: [Fingerprint: Int] = [:]
    private var items: [Item] = []
    private var newest = -1
    private var oldest = -1
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// How many there are.
    var count: Int { items.count }

    /// Takes a request; tells as well whether the oldest had to go for it.
    mutating func take(
        _ print: Fingerprint,
        _ pace: RatePace,
        at now: Instant
    ) -> (wait: Nanoseconds?, isCrowded: Bool) {
        if let place = places[print] {
            let wait = pace.take(&items[place].over, at: now)
            unlink(place)
            link(place)
            return (wait, false)
        }
        var item = Item(print: print, over: now, newer: -1, older: -1)
        let wait = pace.take(&item.over, at: now)
        guard items.count >= countMax else {
            items.append(item)
            places[print] = items.count - 1
            link(items.count - 1)
            return (wait, false)
        }
        let place = oldest
        // One whose requests are over is known as well when it is not remembered.
        let isCrowded = items[place].over > now
        unlink(place)
        places[items[place].print] = nil
        items[place] = item
        places[print] = place
        link(place)
        return (wait, isCrowded)
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (items[place].newer, items[place].older)
        if newer >= 0 { items[newer].older = older } else { newest = older }
        if older >= 0 { items[older].newer = newer } else { oldest = newer }
    }

    private mutating func link(_ place: Int) {
        items[place].newer = -1
        items[place].older = newest
        if newest >= 0 { items[newest].newer = place } else { oldest = place }
        newest = place
    }
}
