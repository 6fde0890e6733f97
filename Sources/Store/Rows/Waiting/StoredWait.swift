package import Primitives
package import Rendezvous

/// An open wait, as the store has it.
package struct StoredWait: Hashable, Sendable {
    /// Who waits.
    package let id: WaitID
    /// The keys, in the order they were given.
    package let keys: [WaitKey]
    /// When it ends at the latest.
    package let deadline: WallTime
}
