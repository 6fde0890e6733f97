/// Everything the store knows about one key, oldest first in each list.
package struct KeyHistory: Sendable {
    /// The open waits.
    package internal(set) var waits: [StoredWait] = []
    /// The callbacks that are held for a waiter.
    package internal(set) var held: [StoredHeld] = []
    /// How earlier waits ended, as long as that is remembered.
    package internal(set) var marks: [StoredMark] = []
    /// The newest requests that carried the key, as long as the ledger has them.
    package internal(set) var requests: [LedgerLine] = []
    /// Whether there are more requests than these.
    package internal(set) var hasMoreRequests = false

    /// The most requests that are told.
    package static let requestsMax = 100
}
