/// How much a waiter table holds, at about the same moment.
package struct Counts: Hashable, Sendable {
    /// Open waits.
    package var waiters: Int
    /// Callbacks held for a waiter that is not there yet.
    package var held: Int
    /// What the held callbacks weigh: their keys, statuses and results.
    package var heldBytes: Int
    /// Remembered ends, one for each key of an ended wait.
    package var marks: Int
    /// Marks that had to go before their time since the start, because too many were there.
    package var marksEvicted: Int

    /// Makes an account.
    package init(waiters: Int, held: Int, heldBytes: Int, marks: Int, marksEvicted: Int) {
        self.waiters = waiters
        self.held = held
        self.heldBytes = heldBytes
        self.marks = marks
        self.marksEvicted = marksEvicted
    }
}
