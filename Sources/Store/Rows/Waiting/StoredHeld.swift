package import Journal
package import Primitives

/// A callback that is held, as the store has it.
package struct StoredHeld: Sendable {
    /// The journal number under which it was taken.
    package let number: UInt64
    /// The node that took it.
    package var node = NodeID.single
    /// The callback; its request is in the ledger and not in here.
    package let arrival: CallbackArrival
    /// Until when it is held.
    package let until: WallTime
    /// Which listener's bound it counts against.
    package let listener: Int
}
