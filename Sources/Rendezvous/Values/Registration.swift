/// What became of a wait, or of a further key for one.
package enum Registration: Sendable {
    /// It waits; journal it under the number.
    case waiting(number: UInt64)
    /// A held callback was there and ended it; journal it under the number.
    case matched(CallbackRecord, number: UInt64)
    /// It was not taken, and nothing changed.
    case refused(Refusal)
    /// A further key came too late: the wait has ended meanwhile. Nothing changed.
    case gone
}

/// Why a wait was not taken.
package enum Refusal: Hashable, Sendable {
    /// As many waits are open as may be.
    case full(limit: Int)
    /// A wait with this id is open already.
    case exists
    /// There was no key, or one that is empty or longer than ``WaitKey/bytesMax``.
    case keyInvalid
}
