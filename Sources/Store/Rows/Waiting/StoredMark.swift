package import Journal
package import Primitives
package import Rendezvous

/// The memory of how a key's wait ended, as the store has it.
package struct StoredMark: Hashable, Sendable {
    /// The journal number of the end.
    package let number: UInt64
    /// The node that decided it.
    package var node = NodeID.single
    /// The key.
    package let key: WaitKey
    /// How the wait ended.
    package let how: EndedHow
    /// The fingerprint of the callback that ended it; nil where none did.
    package let fingerprint: Fingerprint?
    /// Whether the fingerprint is known to be made by the rule of version 1: of the callback's body alone.
    package let isOlderPrint: Bool
    /// Until when it is remembered.
    package let until: WallTime
    /// Whether it only recognises repeats and refuses nothing (`reuse_keys`).
    package let reusesKey: Bool
    /// Which wait ended.
    package let wait: WaitID
    /// When it ended.
    package let time: WallTime
}
