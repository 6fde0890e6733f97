package import Primitives

/// One open wait as it stood when it was looked at.
package struct OpenWait: Hashable, Sendable {
    /// Who waits.
    package let id: WaitID
    /// When it ends at the latest, to the millisecond.
    package let deadline: Instant
    /// Every key under which it waits, in the order they were given.
    package let keys: [WaitKey]

    /// Makes an account of a wait.
    package init(id: WaitID, deadline: Instant, keys: [WaitKey]) {
        self.id = id
        self.deadline = deadline
        self.keys = keys
    }
}
