package import Primitives

/// Everything the table knows about one key, oldest first in each list.
package struct KeyReport: Sendable {
    /// The open waits.
    package var waits: [OpenWait]
    /// The callbacks held for a waiter.
    package var held: [Held]
    /// How earlier waits ended.
    package var marks: [Mark]

    /// Makes an account of a key.
    package init(waits: [OpenWait], held: [Held], marks: [Mark]) {
        self.waits = waits
        self.held = held
        self.marks = marks
    }

    /// One held callback.
    package struct Held: Sendable {
        /// The callback.
        package let record: CallbackRecord
        /// The journal number under which it was taken.
        package let number: UInt64
        /// Until when it is held, to the millisecond.
        package let until: Instant
        /// The endpoint's ``ArriveOptions/reuseKeys`` when it came.
        package let isReusable: Bool
    }

    /// The memory of one wait's end.
    package struct Mark: Hashable, Sendable {
        /// How it ended.
        package let how: EndedHow
        /// The fingerprint of the callback that ended it; nil where none did.
        package let fingerprint: Fingerprint?
        /// The journal number of the end.
        package let number: UInt64
        /// Until when it is remembered, to the millisecond.
        package let until: Instant
        /// Whether it only recognises repeats and refuses nothing (`reuse_keys`).
        package let isReusable: Bool
        /// Whether the fingerprint was made by the rule of older versions.
        package let isOlderPrint: Bool

        /// Describes an end.
        package init(
            how: EndedHow,
            fingerprint: Fingerprint?,
            number: UInt64,
            until: Instant,
            isReusable: Bool,
            isOlderPrint: Bool = false
        ) {
            self.isOlderPrint = isOlderPrint
            self.how = how
            self.fingerprint = fingerprint
            self.number = number
            self.until = until
            self.isReusable = isReusable
        }
    }
}
